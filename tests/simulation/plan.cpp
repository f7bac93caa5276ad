#include "simulation/plan.hpp"

#include <chrono>

namespace spillway::simulation {

namespace {

std::chrono::milliseconds time_between(sim::draws& d, std::uint64_t least, std::uint64_t most) {
  return std::chrono::milliseconds(least + d.below(most - least + 1));
}

void draw_settings(config::settings& s, sim::draws& d) {
  s.deploy.max_concurrent = static_cast<std::uint32_t>(1 + d.below(3));
  s.deploy.start_wait = time_between(d, 100, 5'000);
  s.deploy.recent_window = time_between(d, 0, 20'000);
  s.deploy.transcript_lines = static_cast<std::uint32_t>(2 + d.below(60));
  s.logs.ring_size_bytes = 256U << d.below(8);
  s.logs.linger = time_between(d, 0, 40'000);
  s.process_log.lines = static_cast<std::uint32_t>(1 + d.below(50));
  s.stream.window_bytes = 64U << d.below(7);
  s.stream.stall_timeout = time_between(d, 1'000, 60'000);
}

}  // namespace

plan plan_for(std::uint64_t seed) {
  sim::draws d(sim::seed_of(seed, "plan"));
  plan p;
  draw_settings(p.settings, d);
  p.apps = 1 + d.below(3);
  p.actions = 100 + d.below(300);
  p.pends = d.fraction() * 0.9;
  p.engine.chunk_lines = 1 + d.below(40);
  p.engine.synchronous = d.fraction();
  auto& w = p.weight;
  // Some runs are mostly about one thing.
  w.lines *= 0.2 + 3 * d.fraction();
  w.run *= 0.2 + 3 * d.fraction();
  w.viewer_leaves *= 3 * d.fraction();
  const auto hostility = d.below(3);
  if (hostility == 0) return p;
  const double h = hostility == 1 ? 0.3 : 1.5;
  p.engine.lost_at_exit = d.below(4);
  w.stream_fails = 2 * h;
  w.stream_stalls = 2 * h;
  w.engine_goes = h;
  w.publisher_throws = 0.5 * h;
  w.viewer_sticks *= 1 + h;
  w.access_ends *= 1 + h;
  w.log_rotates = d.chance(0.3) ? 2 * h : 0;
  w.clock_jumps = d.chance(0.2) ? h : 0;
  if (d.chance(0.5)) p.journal = {0.05 * h, 0.02 * h, 0.1 * h};
  if (d.chance(0.3)) p.compose.throws_on_start = 0.05 * h;
  return p;
}

}  // namespace spillway::simulation
