// How many lines a second reach every viewer, none lost: a search over the rate of the source.
#include <fmt/format.h>

#include <cmath>
#include <memory>

#include "bench/cases.hpp"
#include "bench/probe.hpp"
#include "bench/stuck_viewers.hpp"

namespace spillway::bench {
namespace {

/// What may still be under way when the source stops.
constexpr double backlog_seconds = 1;
/// For what did not arrive in time, so that the next probe starts clean.
constexpr double drain_seconds = 5;

/// The baseline's queue for a viewer that never reads has no bound, so its run has one: after so
/// many lines a bed is given up (16 bytes a line and queue, and each line's text once: some 200
/// MiB).
constexpr std::uint64_t max_lines_a_bed_with_stuck = 200'000;

struct throughput_target {
  std::size_t viewers;
  target wanted;
  /// That many of the viewers never read; what counts is what the others get.
  std::size_t stuck = 0;

  std::size_t readers() const { return viewers - stuck; }
  std::string text() const {
    return stuck == 0 ? fmt::format("{} viewers", viewers)
                      : fmt::format("{} viewers, {} stuck", viewers, stuck);
  }
};

/// A bed with its viewers, set up anew where a probe has left a backlog.
class throughput_bed {
 public:
  throughput_bed(const bench_run& run, contestant who, const throughput_target& what)
      : run_(run), who_(who), what_(what) {}

  /// Lines delivered a second at this rate of the source; 0 where a line was lost or late.
  double probe(double rate) {
    if (!bed_) set_up();
    const double seconds = run_.quick ? 1.5 : 3;
    const auto result = run_probe(*bed_, {{0, group_, rate}}, seconds, drain_seconds);
    const auto& stream = result.streams[0];
    const bool good = stream.lossless() && stream.seconds <= seconds + backlog_seconds;
    const double delivered =
        static_cast<double>(stream.lines) * static_cast<double>(what_.readers()) / stream.seconds;
    progress(fmt::format("{}, {} at {:.0f} lines/s: {:.0f} delivered/s, {}{}, p99 {:.1f} ms, {}",
                         name_of(who_), what_.text(), rate, delivered, good ? "good" : "too fast",
                         stream.skipped > 0 ? fmt::format(" ({} skipped)", stream.skipped)
                         : stream.gaps > 0  ? fmt::format(" ({} gaps)", stream.gaps)
                         : !stream.complete ? " (not all arrived)"
                         : !good            ? fmt::format(" (took {:.1f} s)", stream.seconds)
                                            : "",
                         milliseconds(stream.latency.at(0.99)), cpu_text(result.cpu)));
    if (result.cpu.others > worst_.others) worst_ = result.cpu;
    lines_ += stream.lines;
    if (!stream.lossless() || is_full()) bed_.reset();
    return good ? delivered : 0;
  }
  /// Of the probe that other programs disturbed most.
  const cpu_shares& worst() const { return worst_; }

 private:
  void set_up() {
    bed_ = std::make_unique<test_bed>(run_.where, bed_options{.who = who_});
    if (what_.stuck > 0) open_stuck(*bed_, what_.stuck);
    group_ = &bed_->viewers().open(bed_->kind(), what_.readers());
    prime(*bed_, {group_}, {0});
    lines_ = 0;
  }
  bool is_full() const {
    return what_.stuck > 0 && who_ == contestant::baseline && lines_ > max_lines_a_bed_with_stuck;
  }

  const bench_run& run_;
  contestant who_;
  throughput_target what_;
  std::uint64_t lines_ = 0;
  std::unique_ptr<test_bed> bed_;
  viewer_group* group_ = nullptr;
  cpu_shares worst_;
};

/// The most that any probe delivered: up in steps until one fails (or down until one succeeds),
/// then between the two.
double search(throughput_bed& bed, double& rate, int halvings) {
  constexpr double step = 1.5;
  constexpr double least_rate = 1;
  double best = 0;
  double low = 0;
  double high = 0;
  while (low == 0 || high == 0) {
    const double delivered = bed.probe(rate);
    best = std::max(best, delivered);
    (delivered > 0 ? low : high) = rate;
    if (low > 0 && high > 0) break;
    rate = delivered > 0 ? rate * step : rate / step;
    if (rate < least_rate) return 0;
  }
  for (int i = 0; i < halvings; ++i) {
    const double middle = std::sqrt(low * high);
    const double delivered = bed.probe(middle);
    best = std::max(best, delivered);
    (delivered > 0 ? low : high) = middle;
  }
  rate = low;
  return best;
}

target at_least(double rate) {
  target wanted;
  wanted.at_least = rate;
  return wanted;
}

target at_least_and_times_baseline(double rate, double factor) {
  target wanted = at_least(rate);
  wanted.at_least_times_baseline = factor;
  return wanted;
}

void measure(bench_run& run, const throughput_target& what) {
  const std::string name = fmt::format("delivered lines, {}", what.text());
  for (contestant who : {contestant::spillway, contestant::baseline}) {
    if (run.quick && who == contestant::baseline && what.viewers >= 10'000) continue;
    const double guess = who == contestant::spillway ? 4e6 : 1e5;
    double& rate = run.memory[fmt::format("{} {}", name, name_of(who))];
    if (rate == 0) rate = std::min(guess / static_cast<double>(what.viewers), 200'000.0);
    throughput_bed bed(run, who, what);
    const double best = search(bed, rate, run.quick ? 1 : 2);
    run.results.add(name, "lines/s", what.wanted, side_of(who), best);
    note_others(run, name, who, bed.worst());
  }
}

}  // namespace

void measure_throughput_10(bench_run& run) {
  measure(run, {10, {}});
}

void measure_throughput_100(bench_run& run) {
  measure(run, {100, at_least(8e6)});
}

void measure_throughput_1000(bench_run& run) {
  measure(run, {1000, at_least_and_times_baseline(8e6, 50)});
}

void measure_throughput_1000_stuck(bench_run& run) {
  measure(run, {.viewers = 1000, .wanted = {}, .stuck = 50});
}

void measure_throughput_10000(bench_run& run) {
  measure(run, {10'000, at_least(4e6)});
}

}  // namespace spillway::bench
