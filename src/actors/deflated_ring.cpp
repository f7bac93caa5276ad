#include "actors/deflated_ring.hpp"

#include <algorithm>
#include <utility>

namespace spillway::actors {

namespace {

/// Viewers this far beyond the end are not waited for: catching up would hold the publisher for
/// milliseconds, for frames that perhaps nobody wants.
constexpr sequence far_ahead = 2 * deflated_ring::segment;
/// The plain bytes that one call compresses, so that publishers take turns: two to three
/// milliseconds.
constexpr std::size_t compressed_at_once = 128 << 10;

constexpr sequence segment_from(sequence at) {
  return (at + deflated_ring::segment - 1) / deflated_ring::segment * deflated_ring::segment;
}

}  // namespace

deflated_ring::deflated_ring(const frame_ring& plain, deflater context, sequence at)
    : plain_(plain), context_(std::move(context)), frames_(segment_from(at)) {}

sequence deflated_ring::entry(sequence at) {
  // The new beginning lies beyond the old end: nobody can take one's frames for the other's.
  if (plain_.first() > end() || at > end() + far_ahead) frames_ = frame_blocks(segment_from(at));
  return segment_from(std::max(at, first()));
}

sequence deflated_ring::gather(sequence from, sequence to, std::size_t max_bytes, batch& out) {
  sequence stop = from;
  if (stop < end()) stop = frames_.gather(stop, std::min(to, end()), max_bytes, out);
  if (stop < end() || out.bytes >= max_bytes) return stop;
  extend(stop, to, max_bytes - out.bytes);
  return stop < end() ? frames_.gather(stop, end(), max_bytes, out) : stop;
}

/// Moves the end beyond `from` and on towards `to`, until there are `wanted` bytes more.
void deflated_ring::extend(sequence from, sequence to, std::size_t wanted) {
  const std::size_t before = bytes();
  for (std::size_t taken = 0; end() < to && taken < compressed_at_once;) {
    if (end() > from && bytes() - before >= wanted) return;
    if (starts_segment(end())) context_.reset();
    const std::string_view message = plain_.payload(end());
    frames_.append(context_.compress(message), protocol::payload_form::deflated);
    taken += message.size();
  }
}

}  // namespace spillway::actors
