// Viewers come and go by the thousand: what those who stay notice, and what is left behind.
#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <deque>

#include "bench/cases.hpp"
#include "bench/clock.hpp"
#include "bench/probe.hpp"
#include "bench/process_usage.hpp"

namespace spillway::bench {
namespace {

constexpr std::size_t steady_viewers = 100;
constexpr double steady_rate = 100;
constexpr double arrivals_per_second = 2000;
/// Long enough for ten lines, and too short for lines to be most of the work.
constexpr std::int64_t stay_ns = 100'000'000;
/// A server that is slower than the arrivals makes them wait, as a full listen queue does.
constexpr std::uint64_t max_arriving = 256;
constexpr double leave_timeout_seconds = 5;

/// Viewers that arrive at an even rate and leave after a while. Context: between two turns of the
/// pool.
class visitors {
 public:
  visitors(viewer_pool& pool, const viewer_kind& kind)
      : pool_(pool), group_(pool.add_group(kind)), start_ns_(monotonic_ns()) {}

  void step() {
    const auto now = monotonic_ns();
    const auto due = static_cast<std::uint64_t>(static_cast<double>(now - start_ns_) *
                                                arrivals_per_second / 1e9);
    while (come_ < due && come_ - group_.upgraded() < max_arriving) {
      pool_.arrive(group_);
      since_ns_.push_back(now);
      ++come_;
    }
    while (!since_ns_.empty() && now - since_ns_.front() >= stay_ns &&
           group_.longest_is_upgraded()) {
      pool_.leave_longest(group_);
      since_ns_.pop_front();
    }
  }
  std::uint64_t upgraded() const { return group_.upgraded(); }
  void all_leave() { pool_.close(group_); }

 private:
  viewer_pool& pool_;
  viewer_group& group_;
  std::int64_t start_ns_;
  std::uint64_t come_ = 0;
  /// When those came that are still there.
  std::deque<std::int64_t> since_ns_;
};

struct footprint {
  std::size_t descriptors;
  std::size_t bytes;
};

footprint footprint_of(pid_t pid) {
  return {open_descriptors(pid), resident_bytes(pid)};
}

struct churn_run {
  probe_result alone;
  probe_result beside;
  double arrivals_per_second = 0;
  footprint before{};
  footprint after{};
};

churn_run run_with_churn(const bench_run& run) {
  const double seconds = run.quick ? 5 : 20;
  constexpr double patience = 5;
  test_bed bed(run.where, {});
  auto& steady = bed.viewers().open(bed.kind(0, reading::prompt), steady_viewers);
  const std::vector<stream_load> load{{0, &steady, steady_rate}};
  prime(bed, {&steady}, {0});
  run_probe(bed, load, 1, patience);  // a warm-up
  churn_run result;
  result.alone = run_probe(bed, load, seconds, patience);

  result.before = footprint_of(bed.pid());
  visitors coming(bed.viewers(), bed.kind());
  result.beside = run_probe(
      bed, load, seconds, patience, [&] { coming.step(); }, /*watch_every_seconds=*/0);
  result.arrivals_per_second =
      static_cast<double>(coming.upgraded()) / result.beside.streams[0].seconds;
  coming.all_leave();
  bed.viewers().run_until([&] { return open_descriptors(bed.pid()) <= result.before.descriptors; },
                          leave_timeout_seconds);
  result.after = footprint_of(bed.pid());
  return result;
}

double growth(std::size_t before, std::size_t after) {
  return static_cast<double>(after) - static_cast<double>(before);
}

void show_churn(const churn_run& result) {
  const auto& alone = result.alone.streams[0];
  const auto& beside = result.beside.streams[0];
  constexpr double mib = 1024 * 1024;
  progress(fmt::format(
      "{:.0f} arrivals/s; steady viewers alone p50 {:.2f} ms, p99 {:.2f} ms, {}; beside them p50 "
      "{:.2f} ms, p99 {:.2f} ms, {} lost, {}; descriptors {} before, {} after; resident MiB "
      "{:.1f} before, {:.1f} after",
      result.arrivals_per_second, milliseconds(alone.latency.at(0.5)),
      milliseconds(alone.latency.at(0.99)), cpu_text(result.alone.cpu),
      milliseconds(beside.latency.at(0.5)), milliseconds(beside.latency.at(0.99)), beside.lost(),
      cpu_text(result.beside.cpu), result.before.descriptors, result.after.descriptors,
      static_cast<double>(result.before.bytes) / mib,
      static_cast<double>(result.after.bytes) / mib));
}

}  // namespace

void measure_churn(bench_run& run) {
  const auto result = run_with_churn(run);
  show_churn(result);
  const auto& beside = result.beside.streams[0];
  const auto name = [](const char* what) { return fmt::format("churn: {}", what); };
  const auto add = [&](const char* what, const char* unit, const target& wanted, double value) {
    run.results.add(name(what), unit, wanted, side::server, value);
  };
  add("arrivals, of 2000 a second", "1/s", {}, result.arrivals_per_second);
  add("p99 of 100 steady viewers alone", "ms", {},
      milliseconds(result.alone.streams[0].latency.at(0.99)));
  add("p99 of 100 steady viewers beside", "ms", {}, milliseconds(beside.latency.at(0.99)));
  add("CPU beside", "%", {}, result.beside.cpu.server);
  add("lines lost by the steady viewers", "", at_most(0), static_cast<double>(beside.lost()));
  add("open descriptors, growth", "", at_most(0),
      growth(result.before.descriptors, result.after.descriptors));
  add("resident memory, growth", "KiB", {}, growth(result.before.bytes, result.after.bytes) / 1024);
  note_others(run, name("p99 of 100 steady viewers alone"), contestant::spillway, result.alone.cpu);
  note_others(run, name("p99 of 100 steady viewers beside"), contestant::spillway,
              result.beside.cpu);
}

}  // namespace spillway::bench
