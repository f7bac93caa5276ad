// How a simulated container numbers what it prints, so that a simulated viewer can tell what is
// missing, doubled, out of order, and how late.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace spillway::sim {

/// The head of a line: `#<life>.<number> @<nanoseconds since the epoch> `, then any text.
struct numbered_line {
  /// Which life of the container printed it: a container that is made anew begins the next one.
  std::uint32_t life = 1;
  /// Rises by one with every line of a life, from 1.
  std::uint64_t number = 0;
  /// When it was printed, by the wall clock.
  std::chrono::nanoseconds printed_at{};

  bool operator==(const numbered_line&) const = default;
};

void append_head(std::string& out, const numbered_line& line);

/// Reads the head of a line; nothing where it has none.
std::optional<numbered_line> parse_head(std::string_view line);

}  // namespace spillway::sim
