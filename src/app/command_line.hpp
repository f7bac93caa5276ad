// The program's command line.
#pragma once

#include <string>
#include <vector>

#include "app/user_commands.hpp"

namespace spillway::app {

/// Parses the arguments, without the program's name, runs the subcommand that they name and returns
/// the exit code: 0 fine, 1 failure, 2 wrong usage, 78 bad configuration.
int run_command_line(std::vector<std::string> arguments, console io);

}  // namespace spillway::app
