// Password hashes, kept from taking all the workers.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <mutex>

#include "net/worker_queue.hpp"

namespace spillway::net {

/// Context: any thread. A hash takes tens of milliseconds of a worker, and anyone may ask for one
/// without credentials; everyone else, and the record of what compose prints, needs the workers
/// too. So at most `max_running` jobs are on them and `max_waiting` wait; further ones are refused.
/// The workers run what was taken before they end.
class password_queue {
 public:
  static constexpr std::size_t max_running = 2;
  static constexpr std::size_t max_waiting = 16;

  explicit password_queue(const worker_queue& workers) : lane_(std::make_shared<lane>(workers)) {}

  /// False where it is full; the job is then not kept.
  bool submit(std::function<void()> job);

  /// Jobs that the workers do not know of yet.
  std::size_t waiting() const;

 private:
  struct lane : std::enable_shared_from_this<lane> {
    explicit lane(const worker_queue& all) : workers(all) {}
    void start(std::function<void()> job);
    void on_done();

    /// A copy, which counts with the original: a job may be the last to hold the server.
    worker_queue workers;
    mutable std::mutex mutex;
    std::size_t running = 0;
    std::deque<std::function<void()>> waiting;
  };

  /// Held by each job.
  std::shared_ptr<lane> lane_;
};

}  // namespace spillway::net
