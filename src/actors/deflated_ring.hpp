// A ring's frames once more, compressed.
#pragma once

#include <cstddef>

#include "actors/deflater.hpp"
#include "actors/frame_blocks.hpp"
#include "actors/frame_ring.hpp"

namespace spillway::actors {

/// The compressed twins of a run of a ring's frames, made once for all viewers and only when one
/// wants them. At each multiple of `segment` the deflate context begins anew, so whoever has had
/// every compressed frame since such a point can read on, and whoever stands at one can begin.
///
/// Memory: frames as long as the ring keeps theirs, so at most about the ring's bytes once more
/// where nothing can be compressed (and a quarter of them with ordinary lines), and the deflate
/// context. Context: the actor that owns it; what gather() hands out may go to any thread.
class deflated_ring {
 public:
  static constexpr sequence segment = 256;
  static constexpr bool starts_segment(sequence at) { return at % segment == 0; }

  /// Begins at the first segment that starts at or after `at`. `plain` outlives this.
  deflated_ring(const frame_ring& plain, deflater context, sequence at);

  /// The frames kept are [first, end); as the ring has more, end can move on.
  sequence first() const { return frames_.first(); }
  sequence end() const { return frames_.end(); }
  std::size_t bytes() const { return frames_.bytes(); }
  /// Whether a viewer who has had every compressed frame before `at` can go on here.
  bool can_go_on(sequence at) const { return first() <= at && at <= end(); }

  /// Where a viewer at `at` who is out of step begins: the start of a segment, perhaps one whose
  /// frames are yet to come. If `at` lies far beyond the end, or the ring has moved past the end,
  /// everything kept is dropped for a new beginning near `at`.
  sequence entry(sequence at);

  /// Compresses what the ring has and is wanted, a bounded piece at a time, and gathers (see
  /// frame_blocks::gather). Returns `from` where the compressed frames do not reach that far yet.
  /// `entry() <= from`, or one can go on at `from`.
  sequence gather(sequence from, sequence to, std::size_t max_bytes, batch& out);

  /// Lets go of what the ring has let go of.
  void trim() { frames_.drop_before(plain_.first()); }

 private:
  void extend(sequence from, sequence to, std::size_t wanted);

  const frame_ring& plain_;
  deflater context_;
  frame_blocks frames_;
};

}  // namespace spillway::actors
