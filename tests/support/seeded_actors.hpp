// Actors that run one message at a time, in an order drawn from a seed, in virtual time.
#pragma once

#include <caf/all.hpp>
#include <caf/scheduler/test_coordinator.hpp>
#include <cstdint>
#include <random>
#include <utility>

namespace spillway::test {

/// Runs a randomly chosen runnable actor for one message at each step.
struct seeded_coordinator : caf::scheduler::test_coordinator {
  using test_coordinator::test_coordinator;
  std::mt19937_64 rng;
  bool step() {
    if (jobs.empty()) return false;
    std::swap(jobs.front(), jobs[rng() % jobs.size()]);
    return try_run_once();
  }
  /// First come, first served, as on the I/O threads; CAF would let the same actor go on.
  bool step_in_order() {
    if (jobs.empty()) return false;
    auto* const job = jobs.front();
    const bool ran = try_run_once();
    if (!jobs.empty() && jobs.front() == job) {
      jobs.pop_front();
      jobs.push_back(job);
    }
    return ran;
  }
};

struct seeded_config : caf::actor_system_config {
  explicit seeded_config(std::uint64_t seed) {
    module_factories.push_back([seed](caf::actor_system& sys) -> caf::actor_system::module* {
      auto* coordinator = new seeded_coordinator(sys);
      coordinator->rng.seed(seed);
      return coordinator;
    });
  }
};

}  // namespace spillway::test
