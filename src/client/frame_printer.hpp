// Frames as lines in a terminal.
#pragma once

#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>

namespace spillway::client {

/// Prints what frames say, one line each, and remembers what the exit code needs. Context: one
/// thread.
class frame_printer {
 public:
  explicit frame_printer(std::ostream& out) : out_(out) {}

  /// A frame of any of the three streams; one that is none of them is printed as it is.
  void print(std::string_view frame);

  /// From a deploy's final frame: whether it failed.
  bool deploy_failed() const { return deploy_failed_; }
  /// From an error frame.
  const std::optional<std::string>& error() const { return error_; }

 private:
  std::ostream& out_;
  bool deploy_failed_ = false;
  std::optional<std::string> error_;
};

}  // namespace spillway::client
