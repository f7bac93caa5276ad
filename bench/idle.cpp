// What 10,000 viewers cost that only stay connected.
#include <fmt/format.h>

#include <algorithm>

#include "bench/cases.hpp"
#include "bench/probe.hpp"

namespace spillway::bench {
namespace {

constexpr std::size_t idle_viewers = 10'000;
/// Longer than the server's interval between pings (30 s): every viewer has one meanwhile, and
/// answers it.
constexpr double watch_seconds = 40;
constexpr double quick_watch_seconds = 35;
constexpr double settle_seconds = 2;

struct idle_cost {
  double bytes_before;
  double bytes_after;
  cpu_shares cpu;
  std::uint64_t pings;
  std::size_t gone;
  bool compressed;

  /// What pings and their answers leave behind counts as well.
  double bytes() const { return std::max(bytes_before, bytes_after); }
};

idle_cost watch_idle(const bench_run& run, contestant who, bool offers_compression) {
  test_bed bed(run.where, {.who = who});
  auto kind = bed.kind();
  kind.offers_compression = offers_compression;
  // The first viewer brings up what all share.
  auto& first = bed.viewers().open(kind, 1);
  prime(bed, {&first}, {0});
  const auto empty = static_cast<double>(resident_bytes(bed.pid()));
  const auto bytes_a_viewer = [&] {
    return (static_cast<double>(resident_bytes(bed.pid())) - empty) / double{idle_viewers};
  };
  auto& group = bed.viewers().open(kind, idle_viewers);
  // Each has had a line: a stream that is established, not one that has never begun.
  prime(bed, {&first, &group}, {0});
  bed.viewers().run_for(settle_seconds);

  const auto before = bytes_a_viewer();
  const auto pings_before = group.pings();
  const cpu_watch watch(bed.pid(), bed.server_core());
  bed.viewers().run_for(run.quick ? quick_watch_seconds : watch_seconds);
  const auto cpu = watch.shares();
  return {before,       bytes_a_viewer(),  cpu, group.pings() - pings_before,
          group.gone(), group.compressed()};
}

void measure_idle_of(bench_run& run, contestant who, bool offers_compression) {
  const auto cost = watch_idle(run, who, offers_compression);
  progress(fmt::format("{} x {} idle{}: {:.0f} bytes a viewer, {:.0f} after {} pings, {}, {} gone",
                       name_of(who), idle_viewers,
                       !offers_compression ? ""
                       : cost.compressed   ? ", compressed"
                                           : ", compression not taken",
                       cost.bytes_before, cost.bytes_after, cost.pings, cpu_text(cost.cpu),
                       cost.gone));
  const std::string suffix = offers_compression ? ", compressing" : "";
  const auto bytes_figure = "bytes an idle viewer, of 10000" + suffix;
  const auto cpu_figure = "CPU of 10000 idle viewers" + suffix;
  const side whose = side_of(who);
  run.results.add(bytes_figure, "bytes", at_most(8192), whose, cost.bytes());
  run.results.add(cpu_figure, "%", at_most(2), whose, cost.cpu.server);
  run.results.add("idle viewers gone" + suffix, "", at_most(0), whose,
                  static_cast<double>(cost.gone));
  note_others(run, cpu_figure, who, cost.cpu);
  // The baseline pings too rarely to be waited for.
  if (who == contestant::spillway && cost.pings < idle_viewers) {
    run.results.note(bytes_figure, fmt::format("only {} were pinged meanwhile", cost.pings));
  }
  if (offers_compression && !cost.compressed) {
    run.results.note(bytes_figure, "not offered by the server");
  }
}

}  // namespace

void measure_idle(bench_run& run) {
  measure_idle_of(run, contestant::spillway, false);
  measure_idle_of(run, contestant::baseline, false);
  measure_idle_of(run, contestant::spillway, true);
}

}  // namespace spillway::bench
