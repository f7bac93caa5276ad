// What a process uses, as /proc tells.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>

namespace spillway::sim {

struct process_use {
  std::uint64_t resident_bytes = 0;
  std::uint64_t descriptors = 0;
  std::uint64_t threads = 0;
  /// Of all its threads, user and system.
  double cpu_seconds = 0;
};

/// Nothing where there is no such process (any more), or it may not be looked at.
std::optional<process_use> look_at_process(pid_t pid);

}  // namespace spillway::sim
