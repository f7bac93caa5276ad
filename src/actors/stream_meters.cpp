#include "actors/stream_meters.hpp"

namespace spillway::actors {

namespace {

void add(std::atomic<std::uint64_t>& to, std::uint64_t n) {
  if (n != 0) to.fetch_add(n, std::memory_order_relaxed);
}

}  // namespace

stream_meters::counts& stream_meters::own(stream_kind kind) {
  static std::atomic<std::size_t> threads{0};
  thread_local const std::size_t mine = threads.fetch_add(1, std::memory_order_relaxed);
  return lanes_[mine % lane_count].kinds[static_cast<std::size_t>(kind)];
}

void stream_meters::came_in(stream_kind kind, std::uint64_t lines, std::uint64_t bytes) {
  counts& c = own(kind);
  add(c.lines_in, lines);
  add(c.bytes_in, bytes);
}

void stream_meters::went_out(stream_kind kind, std::uint64_t lines, std::uint64_t bytes,
                             std::uint64_t skipped) {
  counts& c = own(kind);
  add(c.lines_out, lines);
  add(c.bytes_out, bytes);
  add(c.lines_skipped, skipped);
}

void stream_meters::ended(end_cause cause) {
  add(ends_[static_cast<std::size_t>(cause)], 1);
}

stream_meters::totals stream_meters::of(stream_kind kind) const {
  totals sum;
  for (const lane& each : lanes_) {
    const counts& c = each.kinds[static_cast<std::size_t>(kind)];
    sum.lines_in += c.lines_in.load(std::memory_order_relaxed);
    sum.bytes_in += c.bytes_in.load(std::memory_order_relaxed);
    sum.lines_out += c.lines_out.load(std::memory_order_relaxed);
    sum.bytes_out += c.bytes_out.load(std::memory_order_relaxed);
    sum.lines_skipped += c.lines_skipped.load(std::memory_order_relaxed);
  }
  return sum;
}

std::uint64_t stream_meters::ends_by(end_cause cause) const {
  return ends_[static_cast<std::size_t>(cause)].load(std::memory_order_relaxed);
}

}  // namespace spillway::actors
