// What 10,000 viewers cost that only stay connected.
#include <fmt/format.h>

#include "bench/cases.hpp"
#include "bench/probe.hpp"

namespace spillway::bench {
namespace {

constexpr std::size_t idle_viewers = 10'000;
constexpr double watch_seconds = 15;
constexpr double settle_seconds = 2;

void measure_idle_of(bench_run& run, contestant who, bool offers_compression) {
  test_bed bed(run.where, {.who = who});
  auto kind = bed.kind();
  kind.offers_compression = offers_compression;
  // The first viewer brings up what all share.
  auto& first = bed.viewers().open(kind, 1);
  prime(bed, {&first}, {0});
  const auto before = resident_bytes(bed.pid());
  auto& group = bed.viewers().open(kind, idle_viewers);
  // Each has had a line: a stream that is established, not one that has never begun.
  prime(bed, {&first, &group}, {0});
  bed.viewers().run_for(settle_seconds);
  const auto after = resident_bytes(bed.pid());

  const cpu_watch watch(bed.pid(), bed.server_core());
  bed.viewers().run_for(watch_seconds);
  const auto cpu = watch.shares();
  const double bytes =
      (static_cast<double>(after) - static_cast<double>(before)) / double{idle_viewers};
  const bool compressed = group.compressed();
  progress(fmt::format("{} x {} idle{}: {:.0f} bytes a viewer, {}, {} gone", name_of(who),
                       idle_viewers,
                       !offers_compression ? ""
                       : compressed        ? ", compressed"
                                           : ", compression not taken",
                       bytes, cpu_text(cpu), group.gone()));
  const std::string suffix = offers_compression ? ", compressing" : "";
  target memory;
  memory.at_most = 8192;
  target quiet;
  quiet.at_most = 2;
  run.results.add("bytes an idle viewer, of 10000" + suffix, "bytes", memory, side_of(who), bytes);
  run.results.add("CPU of 10000 idle viewers" + suffix, "%", quiet, side_of(who), cpu.server);
  if (offers_compression && !compressed) {
    run.results.note("bytes an idle viewer, of 10000" + suffix, "not offered by the server");
  }
}

}  // namespace

void measure_idle(bench_run& run) {
  measure_idle_of(run, contestant::spillway, false);
  measure_idle_of(run, contestant::baseline, false);
  measure_idle_of(run, contestant::spillway, true);
}

}  // namespace spillway::bench
