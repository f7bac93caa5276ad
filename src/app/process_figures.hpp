// What the kernel says of this process.
#pragma once

#include <cstdint>

namespace spillway::app {

/// Zero where the kernel does not say (proc(5)).
struct process_figures {
  std::uint64_t resident_bytes = 0;
  double cpu_seconds = 0;
  std::uint64_t threads = 0;
  std::uint64_t open_descriptors = 0;
  std::uint64_t max_descriptors = 0;
  /// Seconds since the epoch.
  double started_at = 0;
};

/// Context: any thread that may block.
process_figures read_process_figures();

}  // namespace spillway::app
