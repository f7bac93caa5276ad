#include "bench/probe.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#include "bench/clock.hpp"
#include "bench/stop_request.hpp"

namespace spillway::bench {
namespace {

constexpr double prime_timeout_seconds = 60;
constexpr double quiet_seconds = 0.2;
/// More would make the measuring itself the load.
constexpr double max_samples_per_second = 200'000;

std::uint64_t bytes_of(const std::vector<viewer_group*>& groups) {
  std::uint64_t sum = 0;
  for (const auto* group : groups) sum += group->bytes();
  return sum;
}

std::uint32_t sample_every(const stream_load& load) {
  const double deliveries = load.lines_per_second * static_cast<double>(load.viewers->size());
  const auto wanted = static_cast<std::uint32_t>(std::ceil(deliveries / max_samples_per_second));
  return std::bit_ceil(std::max(wanted, 1U));
}

/// One load under way.
struct running_stream {
  stream_load load;
  std::uint64_t lines;
  std::uint64_t skipped_before;
  std::uint64_t gaps_before;
  std::uint64_t bytes_before;
  std::uint64_t frames_before;
  double seconds = 0;

  bool complete() const { return load.viewers->reached() == load.viewers->size(); }
};

running_stream begin(test_bed& bed, const stream_load& load, double seconds) {
  auto& group = *load.viewers;
  const auto lines =
      static_cast<std::uint64_t>(std::max(1.0, std::round(load.lines_per_second * seconds)));
  const std::uint32_t next = bed.source().next_number(load.app);
  group.begin(next, next + static_cast<std::uint32_t>(lines), sample_every(load));
  return {load, lines, group.skipped(), group.gaps(), group.bytes(), group.frames()};
}

stream_result result_of(const running_stream& stream) {
  const auto& group = *stream.load.viewers;
  return {stream.lines,
          stream.seconds,
          group.skipped() - stream.skipped_before,
          group.gaps() - stream.gaps_before,
          group.bytes() - stream.bytes_before,
          group.frames() - stream.frames_before,
          group.size(),
          stream.complete(),
          group.latency()};
}

}  // namespace

void prime(test_bed& bed, const std::vector<viewer_group*>& groups,
           const std::vector<std::size_t>& apps) {
  constexpr double lines_per_second = 20;
  for (std::size_t app : apps) bed.source().start(app, lines_per_second, 1'000'000);
  const auto all_begun = [&] {
    return std::all_of(groups.begin(), groups.end(),
                       [](const auto* group) { return group->begun() == group->size(); });
  };
  if (!bed.viewers().run_until(all_begun, prime_timeout_seconds)) {
    throw failure("not every viewer has had its first line in time");
  }
  for (std::size_t app : apps) bed.source().stop(app);
  for (std::uint64_t before = 0, now = 1; before != now; now = bytes_of(groups)) {
    before = bytes_of(groups);
    bed.viewers().run_for(quiet_seconds);
  }
}

probe_result run_probe(test_bed& bed, const std::vector<stream_load>& loads, double seconds,
                       double patience, const std::function<void()>& watch,
                       double watch_every_seconds) {
  std::vector<running_stream> streams;
  for (const auto& load : loads) streams.push_back(begin(bed, load, seconds));
  const cpu_watch cpu(bed.pid(), bed.server_core());
  const auto start = monotonic_ns();
  for (const auto& s : streams) bed.source().start(s.load.app, s.load.lines_per_second, s.lines);

  double next_watch = 0;
  const auto done = [&] {
    const double elapsed = seconds_since(start);
    if (watch && elapsed >= next_watch) {
      watch();
      next_watch += watch_every_seconds;
    }
    bool all = true;
    for (auto& s : streams) {
      if (s.seconds > 0) continue;
      if (s.complete()) s.seconds = elapsed;
      all = all && s.complete();
    }
    return all;
  };
  bed.viewers().run_until(done, seconds + patience);

  const double elapsed = seconds_since(start);
  probe_result result;
  result.cpu = cpu.shares();
  for (auto& s : streams) {
    if (s.seconds == 0) s.seconds = elapsed;
    bed.source().stop(s.load.app);
    result.streams.push_back(result_of(s));
  }
  return result;
}

}  // namespace spillway::bench
