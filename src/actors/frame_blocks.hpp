// Finished WebSocket frames in a row, in memory that readers share.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string_view>
#include <vector>

#include "actors/batch.hpp"
#include "protocol/ws_frame.hpp"

namespace spillway::actors {

/// The number of a frame within its publisher: the first is 0, each next one more.
using sequence = std::uint64_t;

/// Frames with rising numbers, the newest at the end, the oldest let go of first. They lie in
/// blocks that never move, so that any number of readers share their bytes, also after they were
/// let go of. Context: the actor that owns it; what gather() hands out may go to any thread.
class frame_blocks {
 public:
  static constexpr std::size_t block_size = 64 << 10;

  explicit frame_blocks(sequence first = 0) : first_(first), end_(first) {}

  /// Frames `payload` as a text message.
  sequence append(std::string_view payload, protocol::payload_form form);
  /// Lets go of the frames before `at`.
  void drop_before(sequence at);

  /// The frames kept are [first, end).
  sequence first() const { return first_; }
  sequence end() const { return end_; }
  std::size_t bytes() const { return bytes_; }

  /// Adds to `out` the frames from `from` on, up to `to` and about `max_bytes` (at least one
  /// frame where `out` has none): one slice for each run in a block. Returns where it stopped.
  /// `first() <= from` and `to <= end()`.
  sequence gather(sequence from, sequence to, std::size_t max_bytes, batch& out) const;

  /// The payload of one kept frame.
  std::string_view payload(sequence at) const;

 private:
  struct block {
    std::shared_ptr<char[]> bytes;
    std::size_t capacity = 0;
    sequence first = 0;
    /// Where each frame ends.
    std::vector<std::uint32_t> ends;
    std::size_t used() const { return ends.empty() ? 0 : ends.back(); }
    sequence end() const { return first + ends.size(); }
    std::size_t begin_of(sequence at) const { return at == first ? 0 : ends[at - first - 1]; }
    std::size_t end_of(sequence at) const { return ends[at - first]; }
  };

  std::size_t block_of(sequence at) const;

  std::deque<block> blocks_;
  sequence first_;
  sequence end_;
  std::size_t bytes_ = 0;
};

}  // namespace spillway::actors
