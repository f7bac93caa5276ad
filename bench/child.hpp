// A program that a run starts and ends.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

namespace spillway::bench {

struct command {
  std::vector<std::string> arguments;
  /// Files for its standard input and for its output, both streams; input may be empty for none.
  std::string input_file;
  std::string output_file;
  /// The only core it may use; none for any.
  std::optional<int> core;
};

/// A running program. It is killed with this object, and with the bench whatever happens to that.
/// Context: the main thread.
class child {
 public:
  /// Throws `failure` where it cannot be started.
  explicit child(const command& what);
  child(const child&) = delete;
  child& operator=(const child&) = delete;
  ~child();

  pid_t pid() const { return pid_; }
  bool running();
  /// Waits; returns the exit code, 128 + N for signal N.
  int wait();

 private:
  pid_t pid_ = -1;
  std::optional<int> exit_code_;
};

/// Runs a program to its end and returns its output. Throws `failure` where it fails.
std::string run_program(const command& what);

std::string read_file(const std::string& path);
void write_file(const std::string& path, const std::string& text);

}  // namespace spillway::bench
