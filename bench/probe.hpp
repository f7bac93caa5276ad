// One measured stretch of lines, from the feeder to every viewer.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <vector>

#include "bench/histogram.hpp"
#include "bench/process_usage.hpp"
#include "bench/test_bed.hpp"

namespace spillway::bench {

/// An app's log during a probe, and those who watch it. `lines_per_second` 0 is a silent one.
struct stream_load {
  std::size_t app = 0;
  viewer_group* viewers = nullptr;
  double lines_per_second = 0;
};

struct stream_result {
  std::uint64_t lines = 0;
  /// Until the last viewer had the last line, or patience ended.
  double seconds = 0;
  std::uint64_t skipped = 0;
  std::uint64_t gaps = 0;
  std::uint64_t bytes = 0;
  /// Received by all viewers together.
  std::uint64_t frames = 0;
  std::size_t viewers = 0;
  bool complete = false;
  histogram latency;

  /// Lines that did not reach a viewer, told or not. A notice of skipped lines is a frame as well,
  /// and a line that came twice hides one that is missing: so the largest of the three.
  std::uint64_t lost() const {
    const std::uint64_t expected = lines * viewers;
    return std::max({expected - std::min(expected, frames), gaps, skipped});
  }
  bool lossless() const {
    return complete && skipped == 0 && gaps == 0 && frames == lines * viewers;
  }
};

struct probe_result {
  std::vector<stream_result> streams;
  /// Until the last line had arrived.
  cpu_shares cpu;
};

/// Prints single lines until every viewer has had one and nothing is under way. Throws `failure`
/// where that takes too long.
void prime(test_bed& bed, const std::vector<viewer_group*>& groups,
           const std::vector<std::size_t>& apps);

/// Lines at these rates for `seconds`, then up to `patience` seconds more for the rest to arrive.
/// The groups must be primed. `watch` is called that often, at most between any two turns of the
/// viewers.
probe_result run_probe(test_bed& bed, const std::vector<stream_load>& loads, double seconds,
                       double patience, const std::function<void()>& watch = {},
                       double watch_every_seconds = 0.25);

}  // namespace spillway::bench
