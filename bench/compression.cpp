// What permessage-deflate saves on the wire, and what it costs.
#include <fmt/format.h>

#include <optional>

#include "bench/cases.hpp"
#include "bench/probe.hpp"

namespace spillway::bench {
namespace {

constexpr std::size_t wire_viewers = 1000;
constexpr double lines_per_second = 1000;

struct wire_cost {
  double bytes_a_line;
  double cpu_percent;
};

/// Nothing where the server does not take up the offer.
std::optional<wire_cost> measure_wire(const bench_run& run, bool offers_compression) {
  test_bed bed(run.where, {});
  auto kind = bed.kind();
  kind.offers_compression = offers_compression;
  auto& group = bed.viewers().open(kind, wire_viewers);
  if (group.compressed() != offers_compression) return std::nullopt;
  prime(bed, {&group}, {0});
  const auto result = run_probe(bed, {{0, &group, lines_per_second}}, run.quick ? 4 : 10, 10);
  const auto& stream = result.streams[0];
  const double frames = static_cast<double>(stream.lines) * double{wire_viewers};
  const wire_cost cost{static_cast<double>(stream.bytes) / frames, result.cpu.server};
  progress(fmt::format("{} {}: {:.1f} bytes a line, p99 {:.2f} ms, {}{}", wire_viewers,
                       offers_compression ? "compressed" : "plain", cost.bytes_a_line,
                       milliseconds(stream.latency.at(0.99)), cpu_text(result.cpu),
                       stream.lossless() ? "" : ", LINES WERE LOST"));
  if (!stream.lossless()) run.results.note("bytes a line, compressed / plain", "lines were lost");
  return cost;
}

}  // namespace

void measure_compression(bench_run& run) {
  const auto plain = measure_wire(run, false);
  const auto compressed = measure_wire(run, true);
  const side server = side::server;
  target bytes;
  bytes.at_most = 0.35;
  target cpu;
  cpu.at_most = 1.2;
  run.results.add("bytes a line, plain", "bytes", {}, server, plain->bytes_a_line);
  if (!compressed) {
    run.results.note("bytes a line, compressed", "not offered by the server");
    return;
  }
  run.results.add("bytes a line, compressed", "bytes", {}, server, compressed->bytes_a_line);
  run.results.add("bytes a line, compressed / plain", "", bytes, server,
                  compressed->bytes_a_line / plain->bytes_a_line);
  run.results.add("CPU, 1000 compressed / plain", "", cpu, server,
                  compressed->cpu_percent / plain->cpu_percent);
}

}  // namespace spillway::bench
