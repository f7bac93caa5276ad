// Waiting: for signals, of which one ends the server, and for what has to be done before it may.
#pragma once

#include <chrono>
#include <condition_variable>
#include <csignal>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

namespace spillway::app {

/// SIGINT, SIGTERM and SIGHUP as something to wait for, instead of the process's end; SIGPIPE and
/// SIGUSR2 are ignored. One a process, made before other threads, which inherit what it blocks.
/// Context: the main thread, except where said.
class stop_signal {
 public:
  stop_signal();
  ~stop_signal();
  stop_signal(const stop_signal&) = delete;
  stop_signal& operator=(const stop_signal&) = delete;

  /// Waits for the next signal and returns it: SIGHUP, once for all that came since the last call,
  /// or, from then on always, the first SIGINT or SIGTERM.
  int wait();

 private:
  friend class completion;
  struct shared {
    std::mutex mutex;
    std::condition_variable changed;
    /// Of SIGINT and SIGTERM.
    int count = 0;
    int first = 0;
    bool hangup = false;
  };
  void watch();

  sigset_t watched_{};
  sigset_t before_{};
  std::shared_ptr<shared> state_ = std::make_shared<shared>();
  /// Under its mutex: the watcher is to go.
  bool ending_ = false;
  std::thread watcher_;
};

/// Something that another thread reports done. Context: the main thread; handler() results
/// anywhere.
class completion {
 public:
  enum class patience : bool { until_second_signal, ignore_second_signal };

  explicit completion(stop_signal& stop) : state_(stop.state_) {}

  /// Calling it means done, also after this object has gone.
  std::function<void(bool)> handler();
  /// True when it is done by `deadline`. A second signal ends the wait, unless it is to be ignored.
  bool wait_until(std::chrono::steady_clock::time_point deadline,
                  patience how = patience::until_second_signal);

 private:
  std::shared_ptr<stop_signal::shared> state_;
  std::shared_ptr<bool> done_ = std::make_shared<bool>(false);
};

}  // namespace spillway::app
