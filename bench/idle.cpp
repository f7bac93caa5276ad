#include "bench/cases.hpp"
namespace spillway::bench {
void measure_idle(bench_run&) {}
}  // namespace spillway::bench
