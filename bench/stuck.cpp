// Fifty of a thousand viewers never read: what the others notice, and what it costs.
#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "bench/cases.hpp"
#include "bench/probe.hpp"
#include "bench/process_usage.hpp"

namespace spillway::bench {
namespace {

constexpr std::size_t readers = 950;
constexpr std::size_t stuck_viewers = 50;
constexpr double lines_per_second = 2000;

/// Resident memory over time, about four times a second.
struct memory_curve {
  std::vector<double> bytes;

  /// When the first tenth is over: rings are full, stuck sockets, too.
  double first() const { return bytes.at(bytes.size() / 10); }
  double last() const { return bytes.back(); }
  double max() const { return *std::max_element(bytes.begin(), bytes.end()); }
};

void show(const char* what, const probe_result& result) {
  const auto& stream = result.streams[0];
  progress(fmt::format("{}: p50 {:.2f} ms, p99 {:.2f} ms, {} lost, {}", what,
                       milliseconds(stream.latency.at(0.5)), milliseconds(stream.latency.at(0.99)),
                       stream.lost(), cpu_text(result.cpu)));
}

}  // namespace

void measure_stuck(bench_run& run) {
  const double seconds = run.quick ? 10 : 60;
  test_bed bed(run.where, {});
  auto& group = bed.viewers().open(bed.kind(), readers);
  prime(bed, {&group}, {0});
  const auto without = run_probe(bed, {{0, &group, lines_per_second}}, seconds, 10);
  show("without stuck viewers", without);

  auto& stuck = bed.viewers().open(bed.kind(0, reading::none), stuck_viewers);
  memory_curve memory;
  const auto with = run_probe(bed, {{0, &group, lines_per_second}}, seconds, 10, [&] {
    memory.bytes.push_back(static_cast<double>(resident_bytes(bed.pid())));
  });
  show("with 50 stuck viewers", with);
  constexpr double mib = 1024 * 1024;
  const auto curve = fmt::format(
      "resident MiB after a tenth of the time, at the end, at most: {:.1f}, {:.1f}, "
      "{:.1f}; {} of the stuck were cut",
      memory.first() / mib, memory.last() / mib, memory.max() / mib, stuck.gone());
  progress(curve);

  const auto p99 = [](const probe_result& r) {
    return static_cast<double>(std::max<std::uint64_t>(r.streams[0].latency.at(0.99), 1));
  };
  auto& results = run.results;
  results.add("50 of 1000 stuck: lines lost by the others", "", at_most(0), side::server,
              static_cast<double>(with.streams[0].lost()));
  results.add("50 of 1000 stuck: p99 without", "ms", {}, side::server, p99(without) / 1000);
  results.add("50 of 1000 stuck: p99 with", "ms", {}, side::server, p99(with) / 1000);
  note_others(run, "50 of 1000 stuck: p99 without", contestant::spillway, without.cpu);
  note_others(run, "50 of 1000 stuck: p99 with", contestant::spillway, with.cpu);
  results.add("50 of 1000 stuck: p99 with / without", "", at_most(1.2), side::server,
              p99(with) / p99(without));
  results.add("50 of 1000 stuck: memory growth", "%", at_most(5), side::server,
              100 * (memory.last() / memory.first() - 1));
  results.note("50 of 1000 stuck: memory growth", curve);
}

}  // namespace spillway::bench
