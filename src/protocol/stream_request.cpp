#include "protocol/stream_request.hpp"

#include <algorithm>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>
#include <charconv>
#include <limits>
#include <vector>

#include "protocol/duration.hpp"
#include "protocol/utf8.hpp"

namespace spillway::protocol {
namespace {

namespace urls = boost::urls;

constexpr std::uint64_t max_tail = 1'000'000'000;
constexpr std::size_t max_deploy_id_size = 64;
constexpr std::size_t max_quoted_size = 64;
constexpr int path_size = 4;  // segments, as in `/api/apps/{slug}/deploy-logs`
// A slug of 63 characters, all of them percent-encoded; a longer one is not worth decoding.
constexpr std::size_t max_encoded_segment_size = 3 * 63;

/// The offending text of a parameter, short and printable enough for an error message.
std::string quoted(std::string_view text) {
  std::string_view start = text.substr(0, max_quoted_size);
  // Not in the middle of a character, which would only show as damaged.
  while (start.size() < text.size() && !start.empty() &&
         (static_cast<unsigned char>(text[start.size()]) & 0xc0) == 0x80) {
    start.remove_suffix(1);
  }
  std::string out = "\"" + repaired_utf8(start);
  if (start.size() < text.size()) out += "…";
  return out += '"';
}

/// A plain decimal number without a sign, at most `max`.
std::optional<std::uint64_t> parse_count(std::string_view text, std::uint64_t max) {
  std::uint64_t value = 0;
  const char* last = text.data() + text.size();
  auto [end, error] = std::from_chars(text.data(), last, value);
  if (error != std::errc{} || end != last || value > max) return std::nullopt;
  return value;
}

/// `1713348872` or `1713348872.118`, as `docker logs --since` takes it.
std::optional<timestamp> parse_unix_seconds(std::string_view text) {
  constexpr std::uint64_t max_seconds = 9'223'372'035;  // what fits into 64 bits of nanoseconds
  std::size_t point = std::min(text.find('.'), text.size());
  std::string fraction{text.substr(point)};
  if (fraction.size() == 1 || fraction.size() > 10) return std::nullopt;
  fraction = fraction.empty() ? "0" : fraction.substr(1).append(10 - fraction.size(), '0');
  auto seconds = parse_count(text.substr(0, point), max_seconds);
  auto nanoseconds = parse_count(fraction, 999'999'999);
  if (!seconds || !nanoseconds) return std::nullopt;
  return timestamp{std::chrono::seconds{*seconds} + std::chrono::nanoseconds{*nanoseconds}};
}

std::optional<timestamp> parse_point_in_time(std::string_view text, timestamp now) {
  if (auto at = parse_rfc3339(text)) return at;
  if (auto at = parse_unix_seconds(text)) return at;
  auto back = parse_duration(text);
  if (!back) return std::nullopt;
  std::int64_t at = 0;
  if (__builtin_sub_overflow(now.time_since_epoch().count(), back->count(), &at)) {
    return std::nullopt;
  }
  return timestamp{std::chrono::nanoseconds{at}};
}

bool is_deploy_id(std::string_view text) {
  constexpr std::string_view allowed =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
  return text.size() <= max_deploy_id_size &&
         text.find_first_not_of(allowed) == std::string_view::npos;
}

/// The parameters of one query, read one after the other; remembers the first complaint.
class query_reader {
 public:
  explicit query_reader(const urls::url_view& url) : params_(url.encoded_params()) {}

  const std::string& error() const { return error_; }

  /// Nothing where the parameter is absent or empty: its default holds.
  std::optional<std::string> value(std::string_view name) const {
    for (const auto& param : params_) {
      // A plus stays a plus: no value holds a space, and `+02:00` is often written unescaped.
      if (param.key.decode() != name) continue;
      std::string text = param.value.decode();
      if (text.empty()) return std::nullopt;
      return text;
    }
    return std::nullopt;
  }

  /// Reads a parameter with `parse`, a function from text to an optional, into `target`.
  template <class Target, class Parse>
  void read(std::string_view name, Target& target, std::string_view allowed, Parse parse) {
    std::optional<std::string> text = value(name);
    if (!text) return;
    if (auto parsed = parse(*text)) {
      target = *parsed;
    } else {
      complain(name, quoted(*text).append(" ").append(allowed));
    }
  }

  void complain(std::string_view name, std::string_view why) {
    if (!error_.empty()) return;
    error_.append("invalid ").append(name).append(": ").append(why);
  }

 private:
  urls::params_encoded_view params_;
  std::string error_;
};

using request_kind = decltype(stream_request::what);

request_kind read_deploy_logs(query_reader& query) {
  deploy_logs_request request;
  query.read("deploy", request.deploy_id, "is not a deploy id (1 to 64 of A-Z, a-z, 0-9, _ and -)",
             [](const std::string& text) {
               return is_deploy_id(text) ? std::optional{text} : std::nullopt;
             });
  if (!query.error().empty()) return invalid_request{query.error(), true};
  return request;
}

void read_tail(query_reader& query, std::optional<std::uint64_t>& tail) {
  using any_tail = std::optional<std::optional<std::uint64_t>>;
  auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  bool is_number = std::ranges::all_of(query.value("tail").value_or(""), is_digit);
  query.read("tail", tail, is_number ? "is more than 1000000000" : "is not a number or \"all\"",
             [](const std::string& text) -> any_tail {
               if (text == "all") return any_tail{std::in_place, std::nullopt};
               if (auto count = parse_count(text, max_tail)) return any_tail{count};
               return std::nullopt;
             });
}

std::optional<bool> parse_flag(std::string_view text) {
  if (text == "true" || text == "1") return true;
  if (text == "false" || text == "0") return false;
  return std::nullopt;
}

std::optional<std::uint32_t> parse_replica(std::string_view text) {
  auto number = parse_count(text, std::numeric_limits<std::uint32_t>::max());
  if (!number || *number == 0) return std::nullopt;
  return static_cast<std::uint32_t>(*number);
}

request_kind read_container_logs(query_reader& query, timestamp now) {
  constexpr std::string_view times =
      "is not an RFC 3339 time, Unix seconds or a duration like \"10m\"";
  auto parse_time = [now](const std::string& text) { return parse_point_in_time(text, now); };
  container_logs_request request;
  query.read(
      "service", request.service,
      "is not a service name (letters, digits, \".\", \"_\" and \"-\", the first a letter or "
      "digit, at most 255)",
      [](const std::string& text) {
        return service_name::parse(text) ? std::optional{text} : std::nullopt;
      });
  read_tail(query, request.tail);
  query.read("follow", request.follow, "is not \"true\" or \"false\"", parse_flag);
  query.read("since", request.since, times, parse_time);
  query.read("until", request.until, times, parse_time);
  if (request.since && request.until && *request.until < *request.since) {
    query.complain("until", quoted(*query.value("until")) + " is before \"since\"");
  }
  query.read("replica", request.replica, "is not a container number (1 or more)", parse_replica);
  if (!query.error().empty()) return invalid_request{query.error()};
  return request;
}

/// The decoded segments of the path, or nothing where it can not be one of ours.
std::optional<std::vector<std::string>> path_segments(const urls::url_view& url) {
  // Counted in the text, because the range of segments leaves out a leading `/.`.
  std::string_view path = url.encoded_path();
  if (std::ranges::count(path, '/') != path_size) return std::nullopt;
  std::vector<std::string> segments;
  for (urls::pct_string_view segment : url.encoded_segments()) {
    if (segment.size() > max_encoded_segment_size) return std::nullopt;
    segments.push_back(segment.decode());
  }
  if (segments.size() != path_size) return std::nullopt;
  return segments;
}

std::optional<stream_request> read_stream_url(const urls::url_view& url, timestamp now) {
  auto path = path_segments(url);
  if (!path || path->at(0) != "api") return std::nullopt;
  if (path->at(1) == "system" && path->at(2) == "process-logs" && path->at(3) == "stream") {
    return stream_request{std::nullopt, process_log_request{}};
  }
  if (path->at(1) != "apps") return std::nullopt;
  std::optional<slug> app = slug::parse(path->at(2));
  if (!app) return std::nullopt;
  query_reader query{url};
  if (path->at(3) == "deploy-logs") return stream_request{app, read_deploy_logs(query)};
  if (path->at(3) == "logs") return stream_request{app, read_container_logs(query, now)};
  return std::nullopt;
}

}  // namespace

std::optional<stream_request> parse_stream_target(std::string_view target, timestamp now) {
  auto url = urls::parse_origin_form(target);
  if (!url) return std::nullopt;
  return read_stream_url(*url, now);
}

right right_for(const stream_request& wanted) {
  return wanted.app ? right::read : right::administer;
}

}  // namespace spillway::protocol
