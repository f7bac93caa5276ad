// The named measurements.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "bench/process_usage.hpp"
#include "bench/report.hpp"
#include "bench/test_bed.hpp"

namespace spillway::bench {

/// What a case works with.
struct bench_run {
  machine where;
  report& results;
  /// Shorter stretches, and nothing that takes minutes.
  bool quick = false;
  /// What a case keeps from one repetition to the next.
  std::map<std::string, double>& memory;
};

struct bench_case {
  const char* name;
  const char* what;
  void (*measure)(bench_run& run);
};

/// In the order in which they are run.
const std::vector<bench_case>& all_cases();

void measure_throughput_10(bench_run& run);
void measure_throughput_100(bench_run& run);
void measure_throughput_1000(bench_run& run);
void measure_throughput_1000_stuck(bench_run& run);
void measure_throughput_10000(bench_run& run);
void measure_latency(bench_run& run);
void measure_latency_stuck(bench_run& run);
void measure_idle(bench_run& run);
void measure_upgrades(bench_run& run);
void measure_compression(bench_run& run);
void measure_stuck(bench_run& run);
void measure_fairness(bench_run& run);
void measure_churn(bench_run& run);

/// A line on stderr: what is going on.
void progress(const std::string& text);

/// `server` or `baseline`.
const char* name_of(contestant who);
side side_of(contestant who);

target at_most(double bound);

/// A note at the figure where other programs took too much of the server's core.
void note_others(const bench_run& run, const std::string& figure, contestant who,
                 const cpu_shares& cpu);

double milliseconds(std::uint64_t microseconds);

}  // namespace spillway::bench
