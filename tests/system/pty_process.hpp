// A program on a terminal of its own, as a person would run it.
#pragma once

#include <sys/types.h>

#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

#include "system/child_process.hpp"

namespace spillway::system_test {

struct pty_options {
  unsigned short columns = 80;
  /// Standard input is /dev/null instead of the terminal.
  bool no_input = false;
};

/// Context: the test's thread. The program is killed when this object goes, or when the test dies.
class pty_process {
 public:
  explicit pty_process(const command& what, pty_options options = {});
  pty_process(const pty_process&) = delete;
  pty_process& operator=(const pty_process&) = delete;
  ~pty_process();

  /// Types keys; "\x03" is Ctrl-C.
  void type(std::string_view keys) const;
  /// Waits until `text` has come on the screen once more than the waits before have seen it.
  bool wait_for(std::string_view text);
  std::optional<int> wait_exit();
  /// All bytes that the terminal was sent.
  std::string seen() const;
  /// Whether keys are echoed and lines edited, as the shell left it.
  bool is_as_before() const;

 private:
  void collect();

  int terminal_ = -1;
  /// Held open, so that what the program wrote last can be read.
  int program_side_ = -1;
  int stop_ = -1;
  pid_t pid_ = -1;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::string text_;
  std::size_t seen_to_ = 0;
  std::thread collector_;
  std::optional<int> exit_;
};

}  // namespace spillway::system_test
