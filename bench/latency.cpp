// How long a line takes from the source to a viewer, and what that costs.
#include <fmt/format.h>

#include "bench/cases.hpp"
#include "bench/probe.hpp"
#include "bench/stuck_viewers.hpp"

namespace spillway::bench {
namespace {

constexpr std::size_t latency_viewers = 1000;

struct latency_load {
  double rate;
  /// How many of the viewers never read; what is measured is what the others get.
  std::size_t stuck = 0;

  std::string text() const {
    return fmt::format("{} x {:.0f} lines/s{}", latency_viewers, rate,
                       stuck > 0 ? fmt::format(", {} stuck", stuck) : "");
  }
};

probe_result measure_at(const bench_run& run, contestant who, const latency_load& load) {
  test_bed bed(run.where, {.who = who});
  const auto* stuck = load.stuck > 0 ? &open_stuck(bed, load.stuck) : nullptr;
  auto& group = bed.viewers().open(bed.kind(), latency_viewers - load.stuck);
  prime(bed, {&group}, {0});
  const double seconds = run.quick ? 4 : 10;
  run_probe(bed, {{0, &group, load.rate}}, 1, 5);  // a warm-up
  auto result = run_probe(bed, {{0, &group, load.rate}}, seconds, 10);
  const auto& stream = result.streams[0];
  progress(fmt::format("{}, {}{}: p50 {:.2f} ms, p99 {:.2f} ms, max {:.2f} ms, {}, {} lost",
                       name_of(who), load.text(),
                       stuck != nullptr ? fmt::format(" ({} cut)", stuck->gone()) : "",
                       milliseconds(stream.latency.at(0.5)), milliseconds(stream.latency.at(0.99)),
                       milliseconds(stream.latency.max()), cpu_text(result.cpu), stream.lost()));
  return result;
}

void add(bench_run& run, contestant who, const latency_load& load, const target& p99,
         const target& cpu) {
  const auto result = measure_at(run, who, load);
  const auto& stream = result.streams[0];
  const auto name = [&](const char* what) { return fmt::format("{}, {}", what, load.text()); };
  const side whose = side_of(who);
  run.results.add(name("p50"), "ms", {}, whose, milliseconds(stream.latency.at(0.5)));
  run.results.add(name("p99"), "ms", p99, whose, milliseconds(stream.latency.at(0.99)));
  run.results.add(name("CPU"), "%", cpu, whose, result.cpu.server);
  run.results.add(name("lines lost"), "", at_most(0), whose, static_cast<double>(stream.lost()));
  for (const char* what : {"p99", "CPU"}) note_others(run, name(what), who, result.cpu);
}

void add_beside_baseline(bench_run& run, const latency_load& load) {
  target no_more_than_baseline;
  no_more_than_baseline.at_most_times_baseline = 1;
  for (contestant who : {contestant::spillway, contestant::baseline}) {
    add(run, who, load, no_more_than_baseline, no_more_than_baseline);
  }
}

}  // namespace

void measure_latency(bench_run& run) {
  add_beside_baseline(run, {.rate = 100});
  add(run, contestant::spillway, {.rate = 5000}, at_most(20), {});
}

void measure_latency_stuck(bench_run& run) {
  add_beside_baseline(run, {.rate = 100, .stuck = 50});
}

}  // namespace spillway::bench
