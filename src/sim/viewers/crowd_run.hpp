// A whole run of simulated viewers.
#pragma once

#include "sim/commands.hpp"
#include "sim/viewers/crowd_plan.hpp"

namespace spillway::sim {

/// Finds out what there is to watch, lets the viewers in, waits for the end of the run or SIGINT,
/// and reports. Returns the exit code. Context: the main thread.
int run_crowd(crowd_plan plan, console io);

}  // namespace spillway::sim
