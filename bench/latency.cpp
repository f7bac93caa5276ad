// How long a line takes from the source to a viewer, and what that costs.
#include <fmt/format.h>

#include "bench/cases.hpp"
#include "bench/probe.hpp"

namespace spillway::bench {
namespace {

constexpr std::size_t latency_viewers = 1000;

probe_result measure_at(const bench_run& run, contestant who, double rate) {
  test_bed bed(run.where, {.who = who});
  auto& group = bed.viewers().open(bed.kind(), latency_viewers);
  prime(bed, {&group}, {0});
  const double seconds = run.quick ? 4 : 10;
  run_probe(bed, {{0, &group, rate}}, 1, 5);  // a warm-up
  auto result = run_probe(bed, {{0, &group, rate}}, seconds, 10);
  const auto& stream = result.streams[0];
  progress(fmt::format(
      "{} x {} at {:.0f} lines/s: p50 {:.2f} ms, p99 {:.2f} ms, max {:.2f} ms, {}, {} lost",
      name_of(who), latency_viewers, rate, milliseconds(stream.latency.at(0.5)),
      milliseconds(stream.latency.at(0.99)), milliseconds(stream.latency.max()),
      cpu_text(result.cpu), stream.lost()));
  return result;
}

void add(bench_run& run, contestant who, double rate, const target& p99, const target& cpu) {
  const auto result = measure_at(run, who, rate);
  const auto& latency = result.streams[0].latency;
  const auto name = [&](const char* what) {
    return fmt::format("{}, 1000 x {:.0f} lines/s", what, rate);
  };
  const side whose = side_of(who);
  run.results.add(name("p50"), "ms", {}, whose, milliseconds(latency.at(0.5)));
  run.results.add(name("p99"), "ms", p99, whose, milliseconds(latency.at(0.99)));
  run.results.add(name("CPU"), "%", cpu, whose, result.cpu.server);
  run.results.add(name("lines lost"), "", at_most(0), whose,
                  static_cast<double>(result.streams[0].lost()));
  for (const char* what : {"p99", "CPU"}) note_others(run, name(what), who, result.cpu);
}

}  // namespace

void measure_latency(bench_run& run) {
  target no_more_than_baseline;
  no_more_than_baseline.at_most_times_baseline = 1;
  for (contestant who : {contestant::spillway, contestant::baseline}) {
    add(run, who, 100, no_more_than_baseline, no_more_than_baseline);
  }
  target p99;
  p99.at_most = 20;
  add(run, contestant::spillway, 5000, p99, {});
}

}  // namespace spillway::bench
