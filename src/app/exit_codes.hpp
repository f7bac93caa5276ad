// What the program's subcommands exit with.
#pragma once

namespace spillway::app {

inline constexpr int exit_fine = 0;
inline constexpr int exit_failure = 1;
inline constexpr int exit_usage = 2;
inline constexpr int exit_bad_configuration = 78;

}  // namespace spillway::app
