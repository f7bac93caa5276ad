// One app floods: what the viewers of another notice.
#include <fmt/format.h>

#include <algorithm>

#include "bench/cases.hpp"
#include "bench/probe.hpp"

namespace spillway::bench {
namespace {

constexpr std::size_t viewers_an_app = 100;
constexpr double quiet_rate = 100;
/// More than any machine carries: the source is held back by how fast it is read.
constexpr double too_much = 1e6;

/// Half of what the flooded viewers can be brought.
double flood_rate(test_bed& bed, viewer_group& flooded) {
  const auto result = run_probe(bed, {{1, &flooded, too_much}}, 1, 10);
  const auto& stream = result.streams[0];
  return static_cast<double>(stream.lines) / stream.seconds / 2;
}

}  // namespace

void measure_fairness(bench_run& run) {
  const double seconds = run.quick ? 5 : 15;
  test_bed bed(run.where, {.apps = 2});
  auto& quiet = bed.viewers().open(bed.kind(0, reading::prompt), viewers_an_app);
  auto& flooded = bed.viewers().open(bed.kind(1), viewers_an_app);
  prime(bed, {&quiet, &flooded}, {0, 1});
  run_probe(bed, {{0, &quiet, quiet_rate}}, 1, 5);  // a warm-up
  const auto alone = run_probe(bed, {{0, &quiet, quiet_rate}}, seconds, 5);
  const double rate = flood_rate(bed, flooded);
  prime(bed, {&quiet, &flooded}, {0, 1});
  const auto beside = run_probe(bed, {{0, &quiet, quiet_rate}, {1, &flooded, rate}}, seconds, 10);

  const auto& before = alone.streams[0];
  const auto& after = beside.streams[0];
  const auto p99 = [](const stream_result& s) {
    return static_cast<double>(std::max<std::uint64_t>(s.latency.at(0.99), 1));
  };
  progress(fmt::format(
      "alone p50 {:.2f} ms, p99 {:.2f} ms; beside a flood of {:.0f} lines/s p50 {:.2f} ms, p99 "
      "{:.2f} ms, {}{}",
      milliseconds(before.latency.at(0.5)), milliseconds(before.latency.at(0.99)), rate,
      milliseconds(after.latency.at(0.5)), milliseconds(after.latency.at(0.99)),
      cpu_text(beside.cpu), after.lossless() ? "" : ", THE QUIET APP LOST LINES"));
  target fair;
  fair.at_most = 2;
  auto& results = run.results;
  results.add("flood beside: p99 alone", "ms", {}, side::server, p99(before) / 1000);
  results.add("flood beside: p99 with", "ms", {}, side::server, p99(after) / 1000);
  results.add("flood beside: p99 with / alone", "", fair, side::server, p99(after) / p99(before));
  results.add("flood beside: lines lost by the others", "", at_most(0), side::server,
              static_cast<double>(after.lost()));
  note_others(run, "flood beside: p99 alone", contestant::spillway, alone.cpu);
  note_others(run, "flood beside: p99 with", contestant::spillway, beside.cpu);
}

}  // namespace spillway::bench
