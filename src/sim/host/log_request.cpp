#include "sim/host/log_request.hpp"

#include <fmt/format.h>

#include <charconv>
#include <string>
#include <string_view>

namespace spillway::sim {

namespace {

std::optional<std::int64_t> whole(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

api_error not_a_number(std::string_view text) {
  return {500, fmt::format("strconv.ParseInt: parsing \"{}\": invalid syntax", text)};
}

/// `1136073845` or `1136073845.000000001`.
api_result<std::optional<protocol::timestamp>> unix_time(const std::string& text) {
  if (text.empty() || text == "0") return std::nullopt;
  const auto dot = text.find('.');
  const std::string whole_part = text.substr(0, dot);
  const auto seconds = whole(whole_part);
  if (!seconds) return tl::unexpected(not_a_number(whole_part));
  std::int64_t nanoseconds = 0;
  if (dot != std::string::npos) {
    std::string fraction = text.substr(dot + 1);
    const auto digits = whole(fraction);
    if (!digits) return tl::unexpected(not_a_number(fraction));
    fraction.resize(9, '0');
    nanoseconds = *whole(fraction);
  }
  return protocol::timestamp(std::chrono::seconds(*seconds) +
                             std::chrono::nanoseconds(nanoseconds));
}

}  // namespace

api_result<log_request> parse_log_request(const api_target& target) {
  log_request asked;
  asked.standard_output = target.flag("stdout");
  asked.standard_error = target.flag("stderr");
  if (!asked.standard_output && !asked.standard_error) {
    return tl::unexpected(api_error{400, "Bad parameters: you must choose at least one stream"});
  }
  asked.follow = target.flag("follow");
  asked.timestamps = target.flag("timestamps");
  if (const auto tail = whole(target.parameter("tail")); tail && *tail >= 0) {
    asked.tail = static_cast<std::uint64_t>(*tail);
  }
  const auto since = unix_time(target.parameter("since"));
  if (!since) return tl::unexpected(since.error());
  const auto until = unix_time(target.parameter("until"));
  if (!until) return tl::unexpected(until.error());
  asked.since = *since;
  asked.until = *until;
  return asked;
}

}  // namespace spillway::sim
