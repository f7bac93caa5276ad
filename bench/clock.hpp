// The one clock of a run: when a line was sent and when it arrived are compared, in microseconds.
#pragma once

#include <time.h>

#include <cstdint>

namespace spillway::bench {

/// Context: any thread.
inline std::int64_t monotonic_ns() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1'000'000'000LL + now.tv_nsec;
}

inline std::int64_t monotonic_us() {
  return monotonic_ns() / 1000;
}

inline double seconds_since(std::int64_t start_ns) {
  return static_cast<double>(monotonic_ns() - start_ns) / 1e9;
}

}  // namespace spillway::bench
