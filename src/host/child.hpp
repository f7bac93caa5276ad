// A child process that leads a process group of its own.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "host/unique_fd.hpp"

namespace spillway::host {

struct child_command {
  /// The program and its arguments. A program without `/` is looked for in PATH.
  std::vector<std::string> words;
  /// Where the child starts; empty: where this process is.
  std::filesystem::path directory;
  /// What is changed in the inherited environment: `NAME=value`. Left out of that is what the
  /// service manager tells this process alone, NOTIFY_SOCKET for one.
  std::vector<std::string> environment;
};

enum class child_output { piped, discarded };

/// The leader of a process group. While this object lives the leader is not reaped, so that its
/// number, which is the group's, cannot become another's. The destructor kills what is left of the
/// group and reaps the leader where that has ended. Context: one caller at a time.
class child {
 public:
  /// Starts a program: stdin is /dev/null, no other descriptor of this process is handed on. Takes
  /// as long as a fork and an exec. The error is a sentence.
  static tl::expected<child, std::string> launch(const child_command& command, child_output output);

  child(child&& other) noexcept;
  child& operator=(child&&) = delete;
  ~child();

  /// The exit status of the leader once it has ended, 128 + n where signal n ended it.
  std::optional<int> exit_code() const;
  void signal_group(int signal) const;

  pid_t pid() const { return pid_; }
  // For the taking: what becomes readable when the leader has ended, and the ends of its pipes.
  unique_fd ended;
  unique_fd out;
  unique_fd err;

 private:
  child() = default;

  pid_t pid_ = -1;
};

}  // namespace spillway::host
