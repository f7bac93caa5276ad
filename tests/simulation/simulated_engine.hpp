// A container engine that is slow, split-minded and unreliable as chance has it.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "actors/ports/container_engine.hpp"
#include "simulation/world.hpp"

namespace spillway::simulation {

struct printed_line {
  protocol::timestamp at;
  protocol::output_stream stream;
  /// Docker's entries that it takes: 1, or more for a line beyond 16 KiB.
  std::size_t entries;
};

struct simulated_container {
  actors::container_info info;
  /// In the texts of its lines: `c<index> n<number>`, number from 0.
  std::size_t index = 0;
  /// Every line ever printed; those before `kept_from` are rotated away.
  std::vector<printed_line> log;
  std::size_t kept_from = 0;
  bool running = true;
  bool removed = false;
  /// Followed streams end there, or nothing while it has not exited since it was started.
  std::optional<std::size_t> exit_length;
  /// Its clock is off by this much.
  std::chrono::nanoseconds skew{};
  bool clock_jumped = false;
  /// No stream of it gets anything until this is over.
  bool stalled = false;
  /// The next log that is opened throws.
  bool throws_on_open = false;
  /// The next read of any stream fails so.
  std::optional<actors::engine_error> next_failure;

  // When it happened last, by step_number().
  std::uint64_t created = 0;
  std::uint64_t last_exit = 0;
  std::uint64_t last_failure = 0;
  std::uint64_t last_throw = 0;
  std::uint64_t last_removal = 0;
  /// The lengths of the log at each exit, and when.
  struct exited {
    std::uint64_t step;
    std::size_t length;
  };
  std::vector<exited> exits;
};

/// Context: the one thread of the run.
class simulated_engine : public actors::container_engine {
 public:
  struct manners {
    /// How many lines one chunk holds at most.
    std::size_t chunk_lines = 20;
    /// Answers come before the call returns, at this probability.
    double synchronous = 0.2;
    /// A followed stream of a container that exits misses up to so many lines.
    std::size_t lost_at_exit = 0;
    /// A closed stream hands over one more chunk, at this probability.
    double late_chunk = 0.3;
  };
  simulated_engine(world& w, manners how) : world_(w), how_(how), lists_(w.new_lane()) {}

  // --- what happens to it
  simulated_container& create(const std::string& project, const std::string& service,
                              std::uint32_t replica);
  void print(simulated_container& c, std::size_t lines);
  void exit(simulated_container& c);
  void restart(simulated_container& c);
  void remove(simulated_container& c);
  void rotate(simulated_container& c, std::size_t lines);
  void stall(simulated_container& c, bool stalled);
  void fail_next(simulated_container& c, actors::engine_error error);
  void set_available(bool available);

  std::vector<std::unique_ptr<simulated_container>>& containers() { return containers_; }
  const std::vector<std::unique_ptr<simulated_container>>& containers() const {
    return containers_;
  }
  bool available() const { return available_; }
  /// When it last did not answer.
  std::uint64_t last_unavailable() const { return last_unavailable_; }
  /// So many lines of its log the actors have at least: all, but for those that a followed stream
  /// has yet to bring.
  std::size_t surely_had(const simulated_container& c) const;
  std::size_t open_streams() const { return streams_.size(); }

  // --- the port
  void list(std::string project, list_handler handler) override;
  std::unique_ptr<actors::log_stream> open_log(std::string id, actors::log_query query,
                                               chunk_handler handler) override;

  static std::string line_text(const simulated_container& c, std::size_t number);

 private:
  class stream;
  simulated_container* find(const std::string& id);
  void poke(const simulated_container& c);

  world& world_;
  const manners how_;
  const lane lists_;
  std::vector<std::unique_ptr<simulated_container>> containers_;
  std::map<std::uint64_t, stream*> streams_;
  std::uint64_t last_stream_ = 0;
  bool available_ = true;
  std::uint64_t last_unavailable_ = 0;
};

}  // namespace spillway::simulation
