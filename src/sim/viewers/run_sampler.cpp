#include "sim/viewers/run_sampler.hpp"

#include <unistd.h>

#include <boost/asio/post.hpp>

namespace spillway::sim {

run_sampler::run_sampler(const viewing& run) : run_(run) {}

void run_sampler::begin() {
  began_ = std::chrono::system_clock::now();
  start_ = clock::now();
  if (run_.plan.watch_pid > 0) process_ = look_at_process(run_.plan.watch_pid);
  if (const auto own = look_at_process(::getpid())) own_cpu_seconds_ = own->cpu_seconds;
  ask_for_lag();
}

void run_sampler::ask_for_lag() {
  boost::asio::post(run_.io, [lag = lag_, asked = clock::now()] {
    const auto waited = std::chrono::duration_cast<std::chrono::microseconds>(clock::now() - asked);
    lag->store(static_cast<std::uint64_t>(waited.count()));
  });
}

const timeline_sample& run_sampler::sample() {
  const auto before = std::exchange(newest_, {});
  auto& board = run_.board;
  newest_.at = std::chrono::duration<double>(clock::now() - start_).count();
  newest_.span = newest_.at - before.at;
  const auto totals = board.totals();
  newest_.lines = totals.lines - totals_.lines;
  newest_.skipped = totals.skipped - totals_.skipped;
  newest_.upgrades = totals.upgrades - totals_.upgrades;
  totals_ = totals;
  newest_.flaws = board.flaws() - flaws_;
  flaws_ = board.flaws();
  const auto latency = board.latency().now();
  const auto fresh = latency.since(latency_);
  latency_ = latency;
  newest_.latency_count = fresh.count();
  newest_.p50 = fresh.at(0.5);
  newest_.p99 = fresh.at(0.99);
  newest_.max = fresh.max();
  const auto upgrades = board.upgrade_time().now();
  newest_.upgrade_p99 = upgrades.since(upgrade_time_).at(0.99);
  upgrade_time_ = upgrades;
  const auto phases = board.phases();
  newest_.away = phases[static_cast<std::size_t>(viewer_phase::away)] +
                 phases[static_cast<std::size_t>(viewer_phase::connecting)];
  newest_.watching = phases[static_cast<std::size_t>(viewer_phase::watching)];
  newest_.paused = phases[static_cast<std::size_t>(viewer_phase::paused)];
  newest_.own_lag = lag_->load();
  look_at_processes(newest_.span);
  ask_for_lag();
  timeline_.add(newest_);
  return newest_;
}

void run_sampler::look_at_processes(double span) {
  if (span <= 0) return;
  if (const auto own = look_at_process(::getpid())) {
    newest_.own_cpu = (own->cpu_seconds - own_cpu_seconds_) * 100 / span;
    own_cpu_seconds_ = own->cpu_seconds;
  }
  if (run_.plan.watch_pid <= 0) return;
  newest_.process = look_at_process(run_.plan.watch_pid);
  if (newest_.process && process_) {
    newest_.process_cpu = (newest_.process->cpu_seconds - process_->cpu_seconds) * 100 / span;
  }
  process_ = newest_.process;
}

}  // namespace spillway::sim
