// A run, second by second.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "sim/viewers/process_watch.hpp"

namespace spillway::sim {

/// What happened in a span of time. Latencies are in microseconds.
struct timeline_sample {
  /// Seconds from the beginning of the run to the span's end, and how long it was.
  double at = 0;
  double span = 0;
  std::uint64_t lines = 0;
  std::uint64_t skipped = 0;
  std::uint64_t upgrades = 0;
  std::uint64_t flaws = 0;
  std::uint64_t latency_count = 0;
  std::uint64_t p50 = 0;
  std::uint64_t p99 = 0;
  std::uint64_t max = 0;
  std::uint64_t upgrade_p99 = 0;
  /// At the span's end.
  std::uint64_t watching = 0;
  std::uint64_t paused = 0;
  std::uint64_t away = 0;
  /// Of the process that is watched, if there is one.
  std::optional<process_use> process;
  /// In percent of a core; of the process, and of the simulation itself.
  double process_cpu = 0;
  double own_cpu = 0;
  /// How late the simulation's own timer was: what its measurements are worth.
  std::uint64_t own_lag = 0;
};

/// Two neighbours as one: sums of what was counted, the worse of what was measured.
inline timeline_sample merged(const timeline_sample& a, const timeline_sample& b) {
  timeline_sample made = b;
  made.span = a.span + b.span;
  made.lines += a.lines;
  made.skipped += a.skipped;
  made.upgrades += a.upgrades;
  made.flaws += a.flaws;
  const auto count = a.latency_count + b.latency_count;
  // The middle of both, by how much each stands for.
  if (count > 0) made.p50 = (a.p50 * a.latency_count + b.p50 * b.latency_count) / count;
  made.latency_count = count;
  made.p99 = std::max(a.p99, b.p99);
  made.max = std::max(a.max, b.max);
  made.upgrade_p99 = std::max(a.upgrade_p99, b.upgrade_p99);
  made.own_lag = std::max(a.own_lag, b.own_lag);
  if (made.span > 0) {
    made.process_cpu = (a.process_cpu * a.span + b.process_cpu * b.span) / made.span;
    made.own_cpu = (a.own_cpu * a.span + b.own_cpu * b.span) / made.span;
  }
  if (a.process && b.process) {
    made.process->resident_bytes = std::max(a.process->resident_bytes, b.process->resident_bytes);
    made.process->descriptors = std::max(a.process->descriptors, b.process->descriptors);
    made.process->threads = std::max(a.process->threads, b.process->threads);
  }
  return made;
}

/// Bounded, however long a run is: when there is no more room, neighbours become one. Context: one
/// thread.
class run_timeline {
 public:
  explicit run_timeline(std::size_t most = 1'200) : most_(most) {}

  void add(const timeline_sample& sample) {
    // What comes in has the length of what is there.
    pending_ = pending_ ? merged(*pending_, sample) : sample;
    if (++pending_count_ < step_) return;
    samples_.push_back(*pending_);
    pending_.reset();
    pending_count_ = 0;
    if (samples_.size() < most_) return;
    for (std::size_t i = 0; i + 1 < samples_.size(); i += 2)
      samples_[i / 2] = merged(samples_[i], samples_[i + 1]);
    samples_.resize(samples_.size() / 2);
    step_ *= 2;
  }

  const std::vector<timeline_sample>& samples() const { return samples_; }

 private:
  const std::size_t most_;
  std::size_t step_ = 1;
  std::size_t pending_count_ = 0;
  std::optional<timeline_sample> pending_;
  std::vector<timeline_sample> samples_;
};

}  // namespace spillway::sim
