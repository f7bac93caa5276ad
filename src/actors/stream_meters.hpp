// What all streams together have carried.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>

#include "actors/stream_kind.hpp"
#include "actors/termination.hpp"

namespace spillway::actors {

/// Counts that only rise, from the server's start on. Context: any thread; every thread counts in
/// memory of its own as far as that goes, so that counting costs no thread another's cache line.
class stream_meters {
 public:
  struct totals {
    /// Lines that publishers took from their sources into their rings, and the bytes of their
    /// frames.
    std::uint64_t lines_in = 0;
    std::uint64_t bytes_in = 0;
    /// Frames that viewers' sockets took, notices among them, and their bytes there.
    std::uint64_t lines_out = 0;
    std::uint64_t bytes_out = 0;
    /// Lines that viewers were told they missed.
    std::uint64_t lines_skipped = 0;
  };

  void came_in(stream_kind kind, std::uint64_t lines, std::uint64_t bytes);
  void went_out(stream_kind kind, std::uint64_t lines, std::uint64_t bytes, std::uint64_t skipped);
  /// A stream ended, for a viewer.
  void ended(end_cause cause);

  totals of(stream_kind kind) const;
  std::uint64_t ends_by(end_cause cause) const;

 private:
  static constexpr std::size_t lane_count = 8;
  struct counts {
    std::atomic<std::uint64_t> lines_in{0};
    std::atomic<std::uint64_t> bytes_in{0};
    std::atomic<std::uint64_t> lines_out{0};
    std::atomic<std::uint64_t> bytes_out{0};
    std::atomic<std::uint64_t> lines_skipped{0};
  };
  struct alignas(64) lane {
    std::array<counts, stream_kinds.size()> kinds;
  };
  counts& own(stream_kind kind);

  std::array<lane, lane_count> lanes_;
  std::array<std::atomic<std::uint64_t>, end_cause_count> ends_{};
};

}  // namespace spillway::actors
