#include "bench/cases.hpp"
namespace spillway::bench {
void measure_compression(bench_run&) {}
}  // namespace spillway::bench
