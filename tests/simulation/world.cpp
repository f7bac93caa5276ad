#include "simulation/world.hpp"

#include <fmt/format.h>

#include <iostream>
#include <iterator>

namespace spillway::simulation {

namespace {

constexpr std::size_t kept_trace = 400;
/// A run with more is broken in ways that the first few tell.
constexpr std::size_t most_violations = 20;
/// How often a timer fires although something could happen first: messages may take long.
constexpr double early_timer = 0.004;

}  // namespace

world::world(std::uint64_t seed)
    : random_(sim::seed_of(seed, "world")),
      config_(sim::seed_of(seed, "actors")),
      actors_(config_) {}

void world::soon(lane on, event what) {
  pending_[on].push_back(std::move(what));
}

void world::after(std::chrono::nanoseconds delay, event what) {
  timers_.emplace(coordinator().clock().current_time + delay, std::move(what));
}

bool world::step() {
  const std::size_t runnable = coordinator().jobs.size();
  if (runnable == 0 && pending_.empty()) {
    quiet_step_ = step_;
    return false;
  }
  ++step_;
  // Nothing happens at the same time.
  wall_ += std::chrono::microseconds(1);
  if (chance(early_timer) && fire_next_timer(std::chrono::seconds(1))) return true;
  // Outside events weigh as much as actors: one answer of the engine may overtake many messages.
  if (random_.below(runnable + pending_.size()) < runnable) {
    step_actor();
  } else {
    step_outside();
  }
  return true;
}

void world::step_actor() {
  auto& jobs = coordinator().jobs;
  std::swap(jobs.front(), jobs[random_.below(jobs.size())]);
  if (const auto* actor = dynamic_cast<const caf::local_actor*>(jobs.front()))
    note(fmt::format("{} {}", actor->name(), actor->id()));
  coordinator().try_run_once();
}

void world::step_outside() {
  auto chosen =
      std::next(pending_.begin(), static_cast<std::ptrdiff_t>(random_.below(pending_.size())));
  const event what = std::move(chosen->second.front());
  chosen->second.pop_front();
  if (chosen->second.empty()) pending_.erase(chosen);
  what();
}

void world::run_until_quiet() {
  while (step()) {
  }
}

bool world::fire_next_timer(std::chrono::nanoseconds limit) {
  auto& clock = coordinator().clock();
  const auto end = clock.current_time + limit;
  const bool of_actors = !clock.schedule().empty() && clock.schedule().begin()->first <= end;
  const bool of_outside = !timers_.empty() && timers_.begin()->first <= end;
  if (!of_actors && !of_outside) return false;
  const bool actors_first =
      of_actors && (!of_outside || clock.schedule().begin()->first <= timers_.begin()->first);
  const auto due = actors_first ? clock.schedule().begin()->first : timers_.begin()->first;
  if (due > clock.current_time) wall_ += due - clock.current_time;
  note(actors_first ? "timer" : "outside timer");
  if (actors_first) {
    clock.trigger_timeout();
  } else {
    clock.current_time = std::max(clock.current_time, due);
    const event what = std::move(timers_.begin()->second);
    timers_.erase(timers_.begin());
    what();
  }
  return true;
}

bool world::pass_to_next_timer(std::chrono::nanoseconds limit) {
  ++step_;
  return fire_next_timer(limit);
}

void world::settle(std::chrono::nanoseconds time) {
  auto& clock = coordinator().clock();
  const auto end = clock.current_time + time;
  run_until_quiet();
  while (clock.current_time <= end && pass_to_next_timer(end - clock.current_time))
    run_until_quiet();
  if (end > clock.current_time) {
    wall_ += end - clock.current_time;
    clock.current_time = end;
  }
}

void world::note(std::string_view what) {
  for (const char c : what) {
    hash_ ^= static_cast<unsigned char>(c);
    hash_ *= 0x100000001b3ULL;
  }
  auto entry = fmt::format("{:>6} {}", step_, what);
  if (prints_) std::cerr << entry << '\n';
  trace_.push_back(std::move(entry));
  if (trace_.size() > kept_trace) trace_.pop_front();
}

void world::broken(std::string what) {
  note("BROKEN " + what);
  if (violations_.size() < most_violations)
    violations_.push_back(fmt::format("step {}: {}", step_, what));
}

}  // namespace spillway::simulation
