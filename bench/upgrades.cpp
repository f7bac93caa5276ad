// How fast viewers can come: each with its credentials, as after a restart of the server.
#include <fmt/format.h>

#include "bench/cases.hpp"
#include "bench/clock.hpp"
#include "bench/probe.hpp"

namespace spillway::bench {
namespace {

constexpr std::size_t upgrades = 10'000;
constexpr std::size_t in_flight = 64;

void measure_upgrades_of(bench_run& run, contestant who) {
  test_bed bed(run.where, {.who = who});
  auto& first = bed.viewers().open(bed.kind(), 1);
  prime(bed, {&first}, {0});
  const cpu_watch watch(bed.pid(), bed.server_core());
  const auto start = monotonic_ns();
  bed.viewers().open(bed.kind(), upgrades, in_flight);
  const double seconds = seconds_since(start);
  const auto cpu = watch.shares();
  const double rate = static_cast<double>(upgrades) / seconds;
  progress(fmt::format("{}: {:.0f} upgrades/s, {}", name_of(who), rate, cpu_text(cpu)));
  target wanted;
  wanted.at_least = 5000;
  const std::string rate_figure = "upgrades (the baseline's without authentication)";
  run.results.add(rate_figure, "1/s", wanted, side_of(who), rate);
  run.results.add("CPU while upgrading", "%", {}, side_of(who), cpu.server);
  note_others(run, rate_figure, who, cpu);
}

}  // namespace

void measure_upgrades(bench_run& run) {
  measure_upgrades_of(run, contestant::spillway);
  measure_upgrades_of(run, contestant::baseline);
}

}  // namespace spillway::bench
