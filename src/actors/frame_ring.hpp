// A bounded history of finished WebSocket frames.
#pragma once

#include <cstddef>
#include <limits>
#include <string_view>

#include "actors/frame_blocks.hpp"

namespace spillway::actors {

/// Keeps the newest frames within two bounds (see frame_blocks for how readers share them).
/// Context: the actor that owns it; what gather() hands out may go to any thread.
class frame_ring {
 public:
  struct limits {
    std::size_t bytes = std::numeric_limits<std::size_t>::max();
    std::size_t frames = std::numeric_limits<std::size_t>::max();
  };

  explicit frame_ring(limits bounds) : bounds_(bounds) {}

  /// Frames `payload` as a text message and lets go of the oldest frames beyond the bounds; the
  /// newest is kept whatever its size.
  sequence append(std::string_view payload);

  /// The frames kept are [first, end).
  sequence first() const { return frames_.first(); }
  sequence end() const { return frames_.end(); }
  std::size_t bytes() const { return frames_.bytes(); }

  /// See frame_blocks::gather.
  sequence gather(sequence from, sequence to, std::size_t max_bytes, batch& out) const {
    return frames_.gather(from, to, max_bytes, out);
  }

  /// The payload of one kept frame.
  std::string_view payload(sequence at) const { return frames_.payload(at); }

 private:
  limits bounds_;
  frame_blocks frames_;
};

}  // namespace spillway::actors
