#include "bench/cases.hpp"

#include <fmt/format.h>

#include <cstdio>

namespace spillway::bench {

const std::vector<bench_case>& all_cases() {
  static const std::vector<bench_case> cases{
      {"throughput-10", "lines/s delivered without loss, 10 viewers", measure_throughput_10},
      {"throughput-100", "the same, 100 viewers", measure_throughput_100},
      {"throughput-1000", "the same, 1,000 viewers", measure_throughput_1000},
      {"throughput-1000-stuck", "the same, 1,000 viewers of whom 50 never read",
       measure_throughput_1000_stuck},
      {"throughput-10000", "the same, 10,000 viewers", measure_throughput_10000},
      {"latency", "latency and CPU, 1,000 viewers at 100 and 5,000 lines/s", measure_latency},
      {"latency-stuck", "the same at 100 lines/s, 50 of the 1,000 never read",
       measure_latency_stuck},
      {"idle", "memory and CPU of 10,000 idle viewers", measure_idle},
      {"upgrades", "upgrades/s with authentication", measure_upgrades},
      {"compression", "bytes and CPU with permessage-deflate", measure_compression},
      {"stuck", "50 of 1,000 viewers never read", measure_stuck},
      {"fairness", "latency of one app while another floods", measure_fairness},
      {"churn", "2,000 viewers a second come and go beside 100 steady ones", measure_churn},
  };
  return cases;
}

void progress(const std::string& text) {
  fmt::print(stderr, "   {}\n", text);
}

const char* name_of(contestant who) {
  return who == contestant::spillway ? "server" : "baseline";
}

side side_of(contestant who) {
  return who == contestant::spillway ? side::server : side::baseline;
}

target at_most(double bound) {
  target wanted;
  wanted.at_most = bound;
  return wanted;
}

void note_others(const bench_run& run, const std::string& figure, contestant who,
                 const cpu_shares& cpu) {
  if (!disturbed(cpu)) return;
  run.results.note(figure, fmt::format("OTHER PROGRAMS took {:.0f} % of the core of the {}",
                                       cpu.others, name_of(who)));
}

double milliseconds(std::uint64_t microseconds) {
  return static_cast<double>(microseconds) / 1000;
}

}  // namespace spillway::bench
