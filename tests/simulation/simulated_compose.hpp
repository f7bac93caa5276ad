// Compose commands that print and exit as chance has it.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "actors/ports/compose_runner.hpp"
#include "simulation/world.hpp"

namespace spillway::simulation {

/// What one compose command printed, in order.
struct compose_truth {
  std::string deploy_id;
  std::vector<std::string> lines;
  /// Handed over together with the end.
  bool exited = false;
  int code = 0;
};

/// Context: the one thread of the run.
class simulated_compose : public actors::compose_runner {
 public:
  struct manners {
    std::size_t most_lines = 30;
    double fails = 0.2;
    /// A command that never ends by itself.
    double hangs = 0.05;
    /// Starting one throws, which no runner should.
    double throws_on_start = 0;
  };
  simulated_compose(world& w, manners how) : world_(w), how_(how) {}

  std::unique_ptr<actors::compose_process> start(actors::compose_command command,
                                                 output_handler handler) override;

  const std::vector<std::unique_ptr<compose_truth>>& commands() const { return commands_; }
  std::size_t running() const { return running_; }
  /// When starting one threw last, by step_number().
  std::uint64_t last_throw() const { return last_throw_; }

 private:
  class process;
  world& world_;
  const manners how_;
  std::vector<std::unique_ptr<compose_truth>> commands_;
  std::size_t running_ = 0;
  std::uint64_t last_throw_ = 0;
};

}  // namespace spillway::simulation
