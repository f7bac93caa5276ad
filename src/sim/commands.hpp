// The subcommands of spillway-sim.
#pragma once

#include <CLI/CLI.hpp>
#include <iosfwd>

namespace spillway::sim {

inline constexpr int exit_fine = 0;
inline constexpr int exit_failure = 1;
inline constexpr int exit_usage = 2;

/// Where a command prints. The streams outlive it.
struct console {
  std::ostream& out;
  std::ostream& err;
};

/// `host` and `compose`: the simulated Docker host. A command sets `exit_code` when it has run.
void add_host_commands(CLI::App& root, int& exit_code, console io);
/// `viewers`: the simulated viewers.
void add_viewer_commands(CLI::App& root, int& exit_code, console io);

}  // namespace spillway::sim
