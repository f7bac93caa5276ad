// The terminal client's subcommands: `watch`, `logs`, `deploy`, `process-logs`.
#pragma once

#include "app/user_commands.hpp"

namespace spillway::app {

/// Registers them at `root`, on the same terms as add_user_commands.
void add_client_commands(CLI::App& root, int& exit_code, console io);

}  // namespace spillway::app
