// A simulated host, from its start to its end.
#pragma once

#include "sim/commands.hpp"
#include "sim/host/host_options.hpp"

namespace spillway::sim {

/// Runs until SIGTERM or SIGINT. Returns the exit code. Context: the main thread.
int run_host(const host_options& options, console io);

}  // namespace spillway::sim
