// What a viewer of the process log must get.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "simulation/world.hpp"

namespace spillway::simulation {

/// Lines are `p<number>`, from 0. Context: the one thread of the run.
class process_log_checker {
 public:
  process_log_checker(world& w, std::string viewer) : world_(w), viewer_(std::move(viewer)) {}

  void take(const std::string& payload);
  /// All is quiet and the viewer takes bytes: it has all of so many lines.
  void check_caught_up(std::uint64_t printed) const;

 private:
  world& world_;
  const std::string viewer_;
  std::optional<std::uint64_t> last_;
  std::uint64_t pending_skip_ = 0;
};

}  // namespace spillway::simulation
