#include "bench/cases.hpp"
namespace spillway::bench {
void measure_upgrades(bench_run&) {}
}  // namespace spillway::bench
