// The form of the server's own log lines.
#pragma once

#include <string>

namespace spillway::app {

/// Log lines go to stderr as `2026-04-17T10:14:32.118Z [component] message`, from `level` (debug,
/// info, warning, error) on. Call before threads start.
void set_up_logging(const std::string& level);

}  // namespace spillway::app
