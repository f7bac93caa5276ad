// Port: running one compose command. Implemented by host/.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace spillway::actors {

struct compose_command {
  /// The run that it is a step of.
  std::string deploy_id;
  std::string project;
  std::filesystem::path file;
  /// What follows `-p PROJECT -f FILE`: `up -d --remove-orphans`, `pull`, …
  std::vector<std::string> arguments;
};

struct compose_exit {
  /// The command's exit status; 128 + n where signal n ended it; 127 where it could not be started.
  int code = 0;
  /// Why it could not be started, as a sentence; empty where it ran.
  std::string failure;
};

struct compose_output {
  /// Lines of stdout and stderr as they came, without newline, each at most `logs.max_line`.
  std::vector<std::string> lines;
  /// Set in the last one, when the process has gone and both pipes are drained.
  std::optional<compose_exit> exit;
};

/// A running command. Context: one caller at a time, any thread. Destroying it kills the whole
/// process group if that still runs.
class compose_process {
 public:
  virtual ~compose_process() = default;
  /// Asks for output: the handler gets at least one line, or the exit. Not to be called again
  /// before the handler was, nor after the exit. Until it is called the process is held back by its
  /// pipe.
  virtual void read() = 0;
  /// Asks the whole process group to end: SIGTERM now, SIGKILL after the runner's grace. The exit
  /// still arrives through `read`. May be called twice.
  virtual void terminate() = 0;
};

/// Context: any thread. Handlers run on an I/O thread.
class compose_runner {
 public:
  virtual ~compose_runner() = default;
  using output_handler = std::function<void(std::shared_ptr<const compose_output>)>;
  /// Never fails: a command that cannot be started says so in its first and only output.
  virtual std::unique_ptr<compose_process> start(compose_command command,
                                                 output_handler handler) = 0;
};

}  // namespace spillway::actors
