// The process between a simulated host and what runs in one of its containers.
#pragma once

#include <string>
#include <vector>

#include "sim/host/script_spec.hpp"

namespace spillway::sim {

/// The hidden subcommand that runs run_container_init().
inline constexpr const char* init_command = "container-init";
/// The init process tells here how it went: `pid N\n`, then `error TEXT\n` where there was one;
/// it is closed when the command runs.
inline constexpr int init_status_descriptor = 3;

/// The words that start it for a container, after the program's own.
std::vector<std::string> init_arguments(const script_spec& spec);

/// Prepares namespaces and `/`, runs the command as a child, and ends as it ended: with its exit
/// code, or 128 and the signal's number. Context: a process of its own, with one thread.
[[noreturn]] void run_container_init(const script_spec& spec);

}  // namespace spillway::sim
