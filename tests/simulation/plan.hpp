// What kind of run a seed makes: who comes, how often what happens, how hostile everything is.
#pragma once

#include <cstdint>

#include "config/settings.hpp"
#include "sim/seed.hpp"
#include "simulation/simulated_compose.hpp"
#include "simulation/simulated_engine.hpp"
#include "simulation/simulated_journal.hpp"

namespace spillway::simulation {

struct plan {
  config::settings settings;
  simulated_engine::manners engine;
  simulated_compose::manners compose;
  simulated_journal::manners journal;
  std::size_t apps = 1;
  std::size_t actions = 200;
  /// How often a connection does not take a batch at once.
  double pends = 0.3;

  /// Relative frequencies of what happens.
  struct {
    double viewer_comes = 30;
    double viewer_leaves = 5;
    double viewer_sticks = 4;
    double viewer_is_silent = 0.5;
    double access_ends = 1;
    double lines = 30;
    double flood = 2;
    double process_log = 8;
    double run = 6;
    double cancel = 2;
    double question = 2;
    double container_exits = 3;
    double container_changes = 3;
    double log_rotates = 0;
    double stream_fails = 0;
    double stream_stalls = 0;
    double engine_goes = 0;
    double clock_jumps = 0;
    double publisher_throws = 0;
    double time_passes = 12;
    double long_time_passes = 1;
  } weight;
};

/// A plan drawn from the seed: small rings and windows, so that what is rare in life is common; a
/// third of all runs without any fault, a third with few, a third hostile.
plan plan_for(std::uint64_t seed);

}  // namespace spillway::simulation
