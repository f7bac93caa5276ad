// Points in time as they stand in frames, logs and query strings.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace spillway::protocol {

/// UTC with nanosecond resolution, the resolution of Docker's log timestamps.
using timestamp = std::chrono::sys_time<std::chrono::nanoseconds>;

/// Parses RFC 3339 (section 5.6) with an offset and up to nine digits of fraction, as Docker writes
/// it. Nothing where the text is anything else, or not between the years 1678 and 2261.
std::optional<timestamp> parse_rfc3339(std::string_view text);

/// `2026-04-17T10:14:32.118000000Z`: always nine digits, so that texts compare like times.
std::string format_rfc3339_nano(timestamp at);

/// `2026-04-17T10:14:32.118Z`: as frames of deploys and lines of the process log carry it.
std::string format_rfc3339_milli(timestamp at);

/// Appends what format_rfc3339_nano returns, without an allocation of its own.
void append_rfc3339_nano(std::string& out, timestamp at);

}  // namespace spillway::protocol
