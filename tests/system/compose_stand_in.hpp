// A compose command for deploys that must wait for the test: it runs the script that a test wrote
// for the app, and for every other app the compose that the tests run with (compose_words).
#pragma once

#include <filesystem>
#include <string>

#include "support/temp_dir.hpp"

namespace spillway::system_test {

using test::temp_dir;

/// A door that a script waits at (`wait_at NAME`) and the test opens.
/// Context: the test's thread.
class gate {
 public:
  explicit gate(const std::filesystem::path& fifo);
  gate(const gate&) = delete;
  gate& operator=(const gate&) = delete;
  ~gate();
  /// Lets one script through, now or when it comes.
  void open() const;

 private:
  int fd_ = -1;
};

/// Context: the test's thread.
class compose_stand_in {
 public:
  /// What stands in the configuration as `docker.compose_command`.
  compose_stand_in();
  std::string setting() const;

  /// The script that runs for every compose command of a project. In it, `$step` is the compose
  /// command (`up`, `pull`, …) and `wait_at NAME` waits for that gate.
  void script(const std::string& project, const std::string& text) const;
  std::filesystem::path gate_path(const std::string& name) const;

 private:
  temp_dir directory_;
};

}  // namespace spillway::system_test
