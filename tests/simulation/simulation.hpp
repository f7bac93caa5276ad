// A whole simulated run by its seed.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace spillway::simulation {

enum class trace_mode : std::uint8_t {
  /// The newest entries are kept for a run that breaks something.
  kept,
  /// Printed on stderr as it comes.
  printed
};

struct outcome {
  std::uint64_t seed = 0;
  /// Two runs of a seed have the same.
  std::uint64_t trace_hash = 0;
  std::uint64_t steps = 0;
  std::size_t viewers = 0;
  std::size_t frames = 0;
  std::size_t runs = 0;
  std::vector<std::string> violations;
  /// The newest entries, where something broke.
  std::vector<std::string> trace;
};

/// Context: one thread at a time. What a run that broke something left behind is not freed: its
/// actors may never end.
outcome run_simulation(std::uint64_t seed, trace_mode trace = trace_mode::kept);

}  // namespace spillway::simulation
