// What compose prints, at the pace that it is to have.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace spillway::sim {

/// docker-compose prints what it does to standard error, what was asked for to standard output.
/// Context: one thread; `answer`, `say` and `step` also from a task.
class compose_printer {
 public:
  compose_printer(std::ostream& out, std::ostream& err) : out_(out), err_(err) {}

  void answer(const std::string& line);
  void say(const std::string& line);

  /// Several at a time: `Creating shop_web_1 ... `, for all; then each is done: `Creating
  /// shop_web_1 ... done`, or `error`, and the errors below. Returns whether all went well.
  struct task {
    std::string name;
    /// Nothing, or what went wrong.
    std::function<std::optional<std::string>()> run;
  };
  bool run_all(const std::string& doing, const std::vector<task>& tasks);

  /// Names are at least so wide.
  void set_width(std::size_t width) { width_ = width; }

  /// How long everything that is still to be printed may take, and how many steps it has.
  void set_pace(std::chrono::nanoseconds time, std::uint64_t steps);
  /// Waits for a step's share of the time.
  void step();

 private:
  void print(std::ostream& to, const std::string& text);

  std::ostream& out_;
  std::ostream& err_;
  std::mutex mutex_;
  std::size_t width_ = 0;
  std::chrono::nanoseconds step_time_{};
  std::chrono::steady_clock::time_point next_{};
};

}  // namespace spillway::sim
