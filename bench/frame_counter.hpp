// What a viewer has received, read from the bytes of its connection.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "bench/histogram.hpp"
#include "bench/message_inflater.hpp"

namespace spillway::bench {

/// One viewer's account of its stream.
struct viewer_tally {
  /// Number of the line that comes next; nothing before the first line.
  std::optional<std::uint32_t> next;
  /// Lines that the server says it skipped.
  std::uint64_t skipped = 0;
  /// Times that a line came which was not the next one.
  std::uint64_t gaps = 0;
  /// Compressed frames that were counted and not inflated.
  std::uint64_t unread = 0;
  /// Code of the close frame, 0 before it.
  std::uint16_t close_code = 0;
  /// Pongs to send.
  std::string answers;
};

/// What the viewers of a group have in common.
struct group_tally {
  std::uint64_t frames = 0;
  std::uint64_t compressed_frames = 0;
  std::uint64_t pings = 0;
  /// In microseconds, of every line whose number is a multiple of `sample_every` (a power of two).
  histogram latency;
  std::uint32_t sample_every = 1;
};

/// Reads server frames. Lines of one length follow each other, so most of the work is hopping from
/// one header to the next equal one; of such a row the first and last number tell whether any line
/// between is missing. `thorough` looks at every number.
///
/// A compressed frame is inflated where there is an inflater; else it counts as the next line.
///
/// Context: one thread.
class frame_counter {
 public:
  explicit frame_counter(group_tally& group) : group_(group) {}

  /// Takes whole frames from the start of `bytes`, received at `now_us`; returns the size of what
  /// it took. Throws `failure` for what no server may send.
  std::size_t take(std::string_view bytes, std::int64_t now_us, bool thorough, viewer_tally& viewer,
                   message_inflater* inflater);

 private:
  std::size_t take_row(std::string_view bytes, std::int64_t now_us, bool thorough,
                       viewer_tally& viewer);
  void take_text(std::string_view message, std::int64_t now_us, viewer_tally& viewer);
  void take_lines(const char* first_text, std::size_t stride, std::uint32_t count,
                  std::int64_t now_us, bool thorough, viewer_tally& viewer);

  group_tally& group_;
  /// Header and length of a plain frame with a line; 0 before the first one.
  std::uint32_t row_header_ = 0;
  std::size_t row_stride_ = 0;
};

}  // namespace spillway::bench
