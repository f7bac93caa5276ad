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

  std::size_t tenth() const { return bytes.size() / 10; }
  /// When the first tenth is over: rings are full, stuck sockets, too.
  double first() const { return bytes.at(tenth()); }
  double last() const { return bytes.back(); }
  double max() const {
    return *std::max_element(bytes.begin() + static_cast<std::ptrdiff_t>(tenth()), bytes.end());
  }
};

/// Readers by themselves, beside those that are stuck, and by themselves again: where the machine's
/// speed drifts, what was before and what is after make up for each other.
struct stuck_run {
  probe_result before;
  probe_result beside;
  probe_result after;
  memory_curve memory;
  std::size_t cut = 0;

  histogram alone() const {
    histogram both = before.streams[0].latency;
    both.add(after.streams[0].latency);
    return both;
  }
};

void show(const char* what, const probe_result& result) {
  const auto& stream = result.streams[0];
  progress(fmt::format("{}: p50 {:.2f} ms, p99 {:.2f} ms, {} lost, {}", what,
                       milliseconds(stream.latency.at(0.5)), milliseconds(stream.latency.at(0.99)),
                       stream.lost(), cpu_text(result.cpu)));
}

stuck_run run_with_stuck(const bench_run& run) {
  // Not shorter: the server's ring takes ten seconds to fill, the stuck sockets two, and memory is
  // judged from there on.
  const double alone_seconds = run.quick ? 10 : 20;
  const double beside_seconds = run.quick ? 20 : 60;
  constexpr double patience = 10;
  test_bed bed(run.where, {});
  auto& group = bed.viewers().open(bed.kind(), readers);
  const std::vector<stream_load> load{{0, &group, lines_per_second}};
  prime(bed, {&group}, {0});
  stuck_run result;
  result.before = run_probe(bed, load, alone_seconds, patience);
  show("without stuck viewers", result.before);

  const auto& stuck = bed.viewers().open(bed.kind(0, reading::none), stuck_viewers);
  result.beside = run_probe(bed, load, beside_seconds, patience, [&] {
    result.memory.bytes.push_back(static_cast<double>(resident_bytes(bed.pid())));
  });
  show("with 50 stuck viewers", result.beside);
  result.cut = stuck.gone();

  bed.viewers().close(stuck);
  prime(bed, {&group}, {0});
  result.after = run_probe(bed, load, alone_seconds, patience);
  show("after they have left", result.after);
  return result;
}

double growth_percent(const memory_curve& memory) {
  return 100 * (memory.max() / memory.first() - 1);
}

std::string memory_text(const stuck_run& result) {
  constexpr double mib = 1024 * 1024;
  const auto& memory = result.memory;
  return fmt::format(
      "resident MiB after a tenth of the time, at the end, at most after the tenth: {:.1f}, "
      "{:.1f}, {:.1f}; {} of the stuck were cut",
      memory.first() / mib, memory.last() / mib, memory.max() / mib, result.cut);
}

/// In microseconds, and never 0: it is divided by.
double p99_of(const histogram& latency) {
  return static_cast<double>(std::max<std::uint64_t>(latency.at(0.99), 1));
}

}  // namespace

void measure_stuck(bench_run& run) {
  const auto result = run_with_stuck(run);
  const auto curve = memory_text(result);
  progress(curve);

  const auto name = [](const char* what) { return fmt::format("50 of 1000 stuck: {}", what); };
  const auto add = [&](const char* what, const char* unit, const target& wanted, double value) {
    run.results.add(name(what), unit, wanted, side::server, value);
  };
  const auto& beside = result.beside.streams[0];
  const double alone = p99_of(result.alone());
  const double with = p99_of(beside.latency);
  add("lines lost by the others", "", at_most(0), static_cast<double>(beside.lost()));
  add("p99 without", "ms", {}, alone / 1000);
  add("p99 with", "ms", {}, with / 1000);
  add("p99 with / without", "", at_most(1.2), with / alone);
  add("memory growth", "%", at_most(5), growth_percent(result.memory));
  run.results.note(name("memory growth"), curve);
  for (const auto* stretch : {&result.before, &result.after}) {
    note_others(run, name("p99 without"), contestant::spillway, stretch->cpu);
  }
  note_others(run, name("p99 with"), contestant::spillway, result.beside.cpu);
}

}  // namespace spillway::bench
