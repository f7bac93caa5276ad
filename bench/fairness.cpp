#include "bench/cases.hpp"
namespace spillway::bench {
void measure_fairness(bench_run&) {}
}  // namespace spillway::bench
