// A program that a test runs: its output is collected, its end is waited for with a deadline.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace spillway::system_test {

/// How long a test waits for anything that should come: far beyond what a slow machine needs.
inline constexpr std::chrono::seconds patience{60};

struct command {
  std::vector<std::string> arguments;
  /// Added to the environment of the test.
  std::map<std::string, std::string> environment;
  /// What the program reads from its standard input.
  std::string input;
};

/// Context: the test's thread. The program is killed when this object goes, or when the test dies.
class child_process {
 public:
  explicit child_process(const command& what);
  child_process(const child_process&) = delete;
  child_process& operator=(const child_process&) = delete;
  ~child_process();

  pid_t pid() const { return pid_; }
  bool running();
  void send_signal(int number);
  /// The exit code, 128 + n where signal n ended it; nothing where it still runs at the deadline.
  std::optional<int> wait_exit(std::chrono::milliseconds deadline = patience);

  /// Waits for a text in what the program writes to its standard output, and returns what follows
  /// it on that line; nothing where it does not come before the deadline or the program's end.
  std::optional<std::string> wait_for_output(std::string_view text,
                                             std::chrono::milliseconds deadline = patience);
  std::string standard_output() const;
  std::string standard_error() const;

 private:
  void collect();

  pid_t pid_ = -1;
  int pidfd_ = -1;
  int out_ = -1;
  int err_ = -1;
  int stop_ = -1;
  std::optional<int> exit_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::string out_text_;
  std::string err_text_;
  bool drained_ = false;
  std::thread collector_;
};

struct finished_command {
  /// Nothing where the program had to be killed at the deadline.
  std::optional<int> exit_code;
  std::string standard_output;
  std::string standard_error;
};

/// Runs a program to its end.
finished_command run(const command& what, std::chrono::milliseconds deadline = patience);

}  // namespace spillway::system_test
