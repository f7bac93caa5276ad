// Looks at a run once a second.
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <optional>

#include "sim/viewers/process_watch.hpp"
#include "sim/viewers/run_timeline.hpp"
#include "sim/viewers/viewing.hpp"

namespace spillway::sim {

/// Context: the main thread.
class run_sampler {
 public:
  explicit run_sampler(const viewing& run);

  void begin();
  /// Since the last one.
  const timeline_sample& sample();

  std::chrono::system_clock::time_point began() const { return began_; }
  double seconds() const { return newest_.at; }
  const run_timeline& timeline() const { return timeline_; }

 private:
  using clock = std::chrono::steady_clock;

  void look_at_processes(double span);
  void ask_for_lag();

  const viewing& run_;
  run_timeline timeline_;
  timeline_sample newest_;
  std::chrono::system_clock::time_point began_;
  clock::time_point start_;
  scores totals_;
  std::uint64_t flaws_ = 0;
  latency_histogram latency_;
  latency_histogram upgrade_time_;
  std::optional<process_use> process_;
  double own_cpu_seconds_ = 0;
  /// Microseconds that a job waited for its turn on the threads of the sockets.
  std::shared_ptr<std::atomic<std::uint64_t>> lag_ =
      std::make_shared<std::atomic<std::uint64_t>>(0);
};

}  // namespace spillway::sim
