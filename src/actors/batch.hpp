// What a publisher hands to a viewer's socket: shared slices of finished WebSocket frames.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace spillway::actors {

/// A run of bytes that never moves and never changes, and a share in whatever owns it.
struct slice {
  std::shared_ptr<const void> owner;
  std::string_view bytes;
};

/// Context: immutable once shared, so any thread.
struct batch {
  /// In the order in which they go out; whole frames in all.
  std::vector<slice> slices;
  std::size_t bytes = 0;
  /// Frames in it, and the lines that its notices stand for.
  std::uint64_t frames = 0;
  std::uint64_t skipped = 0;
};

using batch_ptr = std::shared_ptr<const batch>;

}  // namespace spillway::actors
