// What the process writes to stdout and stderr, also by libraries.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <tl/expected.hpp>
#include <vector>

#include "host/line_splitter.hpp"
#include "host/passthrough.hpp"
#include "host/unique_fd.hpp"

namespace spillway::host {

/// Takes two descriptors over, each with a pipe. A thread of its own reads the pipes, writes every
/// line on to where it was meant to go, and hands it to a sink. That thread waits for nothing but
/// `poll`, and it never logs: what it logged would come back to it.
/// Context: any thread, `stop` and the destructor one at a time.
class output_capture {
 public:
  /// Takes lines; false where it is full: then they are lost, and told as one line with their
  /// count. Called on the capture's thread. It must not wait, nor write to what is captured.
  using sink = std::function<bool(std::vector<std::string>)>;

  struct options {
    int out = 1;
    int err = 2;
    std::size_t max_line_bytes = 256 * 1024;
    /// What waits for an original descriptor that takes nothing; past it the oldest lines go.
    std::size_t max_backlog_bytes = 1024 * 1024;
    /// What is kept for the first sink; the lines past it are lost, and counted.
    std::size_t max_early_bytes = 1024 * 1024;
  };

  /// From here on everything is captured. The error is a sentence.
  static tl::expected<std::unique_ptr<output_capture>, std::string> start(options o);
  ~output_capture();

  /// Where lines go. Once it has returned, the sink before is not called again.
  void set_sink(sink to);
  /// Gives the descriptors back as they were, after what was written until now has been passed on.
  /// Does not wait for an original descriptor that is stuck. May be called twice.
  void stop();

 private:
  struct channel {
    int captured = -1;
    unique_fd pipe;  // the reading end
    line_splitter lines;
    passthrough original;
  };

  explicit output_capture(options o);
  tl::expected<channel, std::string> take_over(int fd) const;
  void give_back();
  void wake() const;

  // On the capture's thread.
  void run();
  bool poll_once(int timeout_ms);
  void read_pipe(channel& from);
  void drain();
  void pass_on(channel& from, std::vector<std::string> lines);
  void hand_over();
  void keep_early(std::vector<std::string> lines);

  options options_;
  std::vector<channel> channels_;
  unique_fd wake_;
  std::atomic<bool> stopping_ = false;
  std::mutex sink_mutex_;
  sink sink_;
  // The capture thread's own: what is to be handed over, and what could not be.
  std::vector<std::string> ready_;
  std::vector<std::string> early_;
  std::size_t early_bytes_ = 0;
  std::uint64_t lost_ = 0;
  std::thread thread_;
};

}  // namespace spillway::host
