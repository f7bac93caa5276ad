// The server: everything wired together, run, and taken down in order.
#pragma once

#include <string>

#include "app/user_commands.hpp"
#include "config/settings.hpp"

namespace spillway::app {

/// Runs until SIGINT or SIGTERM, and reads its TLS files again on SIGHUP; returns the exit code.
/// `log_level`: debug, info, warning or error. Errors that keep it from starting go to `io.err`, a
/// sentence each. Context: the main thread, once a process: it takes over the process's stdout and
/// stderr and its signals.
int run_server(const config::settings& settings, const std::string& log_level, console io);

}  // namespace spillway::app
