// Durations as configuration and query strings write them.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace spillway::protocol {

/// Parses `500ms`, `30s`, `5m`, `24h`, `7d`, and sums of them such as `1h30m`. A number without a
/// unit, a sign, a fraction or more than 292 years is nothing.
std::optional<std::chrono::nanoseconds> parse_duration(std::string_view text);

/// The shortest text that parse_duration reads back as the same duration, down to milliseconds:
/// `1h30m`, `500ms`, `0s`.
std::string format_duration(std::chrono::milliseconds duration);

}  // namespace spillway::protocol
