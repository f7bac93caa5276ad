#include "net/http_message.hpp"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <optional>

namespace spillway::net {
namespace {

bool same_ignoring_case(std::string_view a, std::string_view b) {
  auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [&](char x, char y) { return lower(x) == lower(y); });
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

bool contradictory(const std::vector<std::string>& values) {
  return std::adjacent_find(values.begin(), values.end(), std::not_equal_to<>()) != values.end();
}

failure bad_request(std::string sentence) {
  return {400, std::move(sentence)};
}

/// Stands for a credential that cannot be one: bad, which is not the same as none.
constexpr std::string_view malformed = "-";

bool is_base64url(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_';
  });
}

/// The cookie `session` of a Cookie field (RFC 6265 section 5.4); nothing where two differ.
std::optional<std::string> session_cookie(std::string_view field) {
  std::optional<std::string> found;
  while (!field.empty()) {
    auto end = std::min(field.find(';'), field.size());
    auto pair = trimmed(field.substr(0, end));
    field.remove_prefix(std::min(end + 1, field.size()));
    auto equals = pair.find('=');
    if (equals == std::string_view::npos || trimmed(pair.substr(0, equals)) != "session") continue;
    auto value = trimmed(pair.substr(equals + 1));
    if (found && *found != value) return std::nullopt;
    found = value;
  }
  if (!found || is_base64url(*found)) return found.value_or("");
  return std::string(malformed);
}

/// `sd_` and 256 bits in base64url, as the store makes them.
bool is_token(std::string_view text) {
  constexpr std::string_view prefix = "sd_";
  constexpr std::size_t length = 3 + 43;
  return text.size() == length && text.starts_with(prefix) &&
         is_base64url(text.substr(prefix.size()));
}

std::string bearer_token(std::string_view field) {
  constexpr std::string_view scheme = "Bearer ";
  if (!same_ignoring_case(field.substr(0, scheme.size()), scheme)) return std::string(malformed);
  auto token = trimmed(field.substr(scheme.size()));
  return std::string(is_token(token) ? token : malformed);
}

}  // namespace

reply json_reply(unsigned status, const nlohmann::ordered_json& body) {
  reply made;
  made.status = status;
  made.body = body.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
  return made;
}

reply error_reply(unsigned status, std::string_view sentence) {
  return error_reply(failure{status, std::string(sentence)});
}

reply error_reply(const failure& what) {
  constexpr std::chrono::seconds usual_wait{5};
  auto made = json_reply(what.status, {{"error", what.message}});
  if (what.status == 401) made.headers.emplace_back("WWW-Authenticate", "Bearer");
  if (what.status == 429 || what.status == 503) {
    made.headers.emplace_back("Retry-After",
                              std::to_string(what.retry_after.value_or(usual_wait).count()));
  }
  return made;
}

failure not_found() {
  return {404, "not found"};
}

reply method_not_allowed(std::string_view allow) {
  auto made = error_reply(405, "this method is not allowed here");
  made.headers.emplace_back("Allow", allow);
  return made;
}

void set_target(http_request& request, std::string_view target) {
  request.target = target;
  auto question = target.find('?');
  request.path = target.substr(0, question);
  request.query = question == std::string_view::npos ? "" : target.substr(question + 1);
}

result<credentials> read_credentials(const http_request& request) {
  if (contradictory(request.host)) return tl::unexpected(bad_request("two Host fields differ"));
  if (contradictory(request.origin)) return tl::unexpected(bad_request("two Origin fields differ"));
  if (contradictory(request.authorization)) {
    return tl::unexpected(bad_request("two Authorization fields differ"));
  }
  if (contradictory(request.cookie)) return tl::unexpected(bad_request("two Cookie fields differ"));
  credentials presented;
  if (!request.authorization.empty()) {
    presented.bearer_token = bearer_token(request.authorization.front());
  }
  if (!request.cookie.empty()) {
    auto value = session_cookie(request.cookie.front());
    if (!value) return tl::unexpected(bad_request("two session cookies differ"));
    presented.session_cookie = *value;
  }
  return presented;
}

bool cannot_be_good(const credentials& presented) {
  // A token goes before a cookie.
  return (presented.bearer_token.empty() ? presented.session_cookie : presented.bearer_token) ==
         malformed;
}

std::string_view query_parameter(std::string_view query, std::string_view name) {
  while (!query.empty()) {
    auto end = std::min(query.find('&'), query.size());
    auto pair = query.substr(0, end);
    query.remove_prefix(std::min(end + 1, query.size()));
    if (pair.size() > name.size() && pair.starts_with(name) && pair[name.size()] == '=') {
      return pair.substr(name.size() + 1);
    }
  }
  return {};
}

result<std::uint64_t> number_parameter(std::string_view query, std::string_view name,
                                       std::uint64_t otherwise) {
  auto text = query_parameter(query, name);
  if (text.empty()) return otherwise;
  std::uint64_t number = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number == 0) {
    return tl::unexpected(bad_request(std::string(name) + " must be a number from 1 on"));
  }
  return number;
}

}  // namespace spillway::net
