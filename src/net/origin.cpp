#include "net/origin.hpp"

#include <algorithm>
#include <boost/asio/ip/address_v6.hpp>
#include <charconv>
#include <cstdint>

namespace spillway::net {
namespace {

std::string lower_case(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

/// One text for every way to write an IPv6 address; nothing where it is not one.
std::optional<std::string> normal_v6(std::string_view text) {
  // A zone (`%eth0`) is of one host alone, and would be looked up among its interfaces.
  if (text.find('%') != std::string_view::npos) return std::nullopt;
  boost::system::error_code error;
  auto address = boost::asio::ip::make_address_v6(std::string(text), error);
  if (error) return std::nullopt;
  return address.to_string();
}

bool is_name(std::string_view host) {
  return !host.empty() && std::all_of(host.begin(), host.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
  });
}

std::optional<std::string> normal_port(std::string_view text) {
  std::uint16_t port = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc() || end != text.data() + text.size() || port == 0) return std::nullopt;
  return std::to_string(port);
}

std::string default_port(std::string_view scheme) {
  if (scheme == "http") return "80";
  if (scheme == "https") return "443";
  return {};
}

std::optional<web_origin> with_authority(std::string scheme, std::string_view authority) {
  web_origin made{std::move(scheme), {}, {}};
  made.port = default_port(made.scheme);
  std::string_view after;
  if (authority.starts_with('[')) {
    auto close = authority.find(']');
    if (close == std::string_view::npos) return std::nullopt;
    auto address = normal_v6(authority.substr(1, close - 1));
    if (!address) return std::nullopt;
    made.host = *address;
    after = authority.substr(close + 1);
  } else {
    auto colon = std::min(authority.find(':'), authority.size());
    made.host = lower_case(authority.substr(0, colon));
    if (!is_name(made.host)) return std::nullopt;
    after = authority.substr(colon);
  }
  if (after.empty()) return made;
  if (after.front() != ':') return std::nullopt;
  auto port = normal_port(after.substr(1));
  if (!port) return std::nullopt;
  made.port = *port;
  return made;
}

}  // namespace

std::optional<web_origin> parse_origin(std::string_view text) {
  auto separator = text.find("://");
  if (separator == std::string_view::npos || separator == 0) return std::nullopt;
  return with_authority(lower_case(text.substr(0, separator)), text.substr(separator + 3));
}

std::optional<web_origin> own_origin(std::string_view host, bool secure) {
  return with_authority(secure ? "https" : "http", host);
}

bool origin_allowed(std::string_view origin, std::string_view host, bool secure,
                    const std::vector<std::string>& allowed_origins) {
  auto theirs = parse_origin(origin);
  if (!theirs) return false;
  if (theirs == own_origin(host, secure)) return true;
  return std::any_of(allowed_origins.begin(), allowed_origins.end(),
                     [&](const std::string& allowed) { return theirs == parse_origin(allowed); });
}

}  // namespace spillway::net
