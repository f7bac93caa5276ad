// The compose stand-in: `docker-compose` as a server calls it.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "sim/commands.hpp"

namespace spillway::sim {

struct compose_invocation {
  /// Empty: DOCKER_HOST, and what is usual without.
  std::string socket;
  /// Over everything else that says how long a command takes.
  std::optional<std::chrono::milliseconds> duration;
  /// What docker-compose would be called with.
  std::vector<std::string> words;
};

/// Returns the exit code. Context: the main thread of a process of its own.
int run_compose(const compose_invocation& given, console io);

}  // namespace spillway::sim
