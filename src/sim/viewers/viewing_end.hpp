// How a connection of a viewer ended.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace spillway::sim {

struct viewing_end {
  enum class how : std::uint8_t {
    /// The server sent a close frame: `code` and `text` are its.
    closed,
    /// Without a close frame; `text` is the error.
    cut,
    /// The upgrade was answered with the HTTP status `code`.
    refused,
    /// The server does not listen, or went away before the upgrade was answered.
    unreachable,
    /// The upgrade was not answered in time.
    unanswered,
    /// The viewer left.
    left
  };
  how kind = how::left;
  unsigned code = 0;
  std::string text;
  /// Of a close frame: so long before the viewer read it, it was there. The viewer was busy then,
  /// not the server late.
  std::chrono::nanoseconds seen_late{};
};

/// `1000 container exited`, `no close frame`, `429`: what ends are counted by.
std::string label_of(const viewing_end& end);

}  // namespace spillway::sim
