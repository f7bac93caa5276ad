// What permessage-deflate saves on the wire, and what it costs.
#include <fmt/format.h>

#include <optional>

#include "bench/cases.hpp"
#include "bench/probe.hpp"
#include "bench/stop_request.hpp"

namespace spillway::bench {
namespace {

constexpr std::size_t wire_viewers = 1000;
/// One that leaves the server time to spare, and one at which it gathers lines: near the limit a
/// ratio of CPU would say little.
constexpr double rare_lines = 100;
constexpr double frequent_lines = 1000;

struct wire_cost {
  double bytes_a_line;
  cpu_shares cpu;
};

/// Nothing where the server does not take up the offer.
std::optional<wire_cost> measure_wire(const bench_run& run, bool offers_compression,
                                      double lines_per_second) {
  test_bed bed(run.where, {});
  auto kind = bed.kind();
  kind.offers_compression = offers_compression;
  auto& group = bed.viewers().open(kind, wire_viewers);
  if (group.compressed() != offers_compression) return std::nullopt;
  prime(bed, {&group}, {0});
  const auto result = run_probe(bed, {{0, &group, lines_per_second}}, run.quick ? 4 : 10, 10);
  const auto& stream = result.streams[0];
  const double frames = static_cast<double>(stream.lines) * double{wire_viewers};
  const wire_cost cost{static_cast<double>(stream.bytes) / frames, result.cpu};
  progress(fmt::format("{} {} at {:.0f} lines/s: {:.1f} bytes a line, p99 {:.2f} ms, {}{}",
                       wire_viewers, offers_compression ? "compressed" : "plain", lines_per_second,
                       cost.bytes_a_line, milliseconds(stream.latency.at(0.99)),
                       cpu_text(result.cpu), stream.lossless() ? "" : ", LINES WERE LOST"));
  if (!stream.lossless()) {
    const auto name = fmt::format("bytes a line, plain, 1000 x {:.0f} lines/s", lines_per_second);
    run.results.note(name, "lines were lost in this run");
  }
  return cost;
}

void compare_at(bench_run& run, double rate) {
  const auto plain = measure_wire(run, false, rate);
  const auto compressed = measure_wire(run, true, rate);
  if (!plain) throw failure("the server compresses for viewers that did not ask for it");
  const auto name = [&](const char* what) {
    return fmt::format("{}, 1000 x {:.0f} lines/s", what, rate);
  };
  run.results.add(name("bytes a line, plain"), "bytes", {}, side::server, plain->bytes_a_line);
  if (!compressed) {
    run.results.note(name("bytes a line, compressed"), "not offered by the server");
    return;
  }
  target bytes;
  bytes.at_most = 0.35;
  target cpu;
  cpu.at_most = 1.2;
  run.results.add(name("bytes a line, compressed"), "bytes", {}, side::server,
                  compressed->bytes_a_line);
  run.results.add(name("bytes, compressed / plain"), "", bytes, side::server,
                  compressed->bytes_a_line / plain->bytes_a_line);
  run.results.add(name("CPU, compressed / plain"), "", cpu, side::server,
                  compressed->cpu.server / plain->cpu.server);
  for (const auto& cost : {*plain, *compressed}) {
    note_others(run, name("CPU, compressed / plain"), contestant::spillway, cost.cpu);
  }
}

}  // namespace

void measure_compression(bench_run& run) {
  compare_at(run, rare_lines);
  compare_at(run, frequent_lines);
}

}  // namespace spillway::bench
