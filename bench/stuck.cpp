#include "bench/cases.hpp"
namespace spillway::bench {
void measure_stuck(bench_run&) {}
}  // namespace spillway::bench
