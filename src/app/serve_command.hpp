// The subcommands `serve` and `check-config`.
#pragma once

#include "app/user_commands.hpp"

namespace spillway::app {

/// Registers them at `root`, on the same terms as add_user_commands.
void add_server_commands(CLI::App& root, int& exit_code, console io);

}  // namespace spillway::app
