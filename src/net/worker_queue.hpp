// Blocking work, away from the I/O threads.
#pragma once

#include <atomic>
#include <boost/asio/any_io_executor.hpp>
#include <functional>
#include <memory>

namespace spillway::net {

/// Context: any thread. Runs jobs on the worker pool that app/ provides. Bounded: jobs past
/// `max_jobs` (waiting or running) are refused, and their requests answered with 503.
class worker_queue {
 public:
  worker_queue(boost::asio::any_io_executor pool, std::size_t max_jobs);

  /// False where the queue is full; the job is then not kept. A job must not throw, but one that
  /// does ends alone.
  bool submit(std::function<void()> job);

  /// Never refused: for jobs whose number is bounded elsewhere, such as the one that ends a run (no
  /// more than apps).
  void submit_always(std::function<void()> job);

  /// Jobs that wait or run.
  std::size_t jobs() const { return jobs_->load(std::memory_order_relaxed); }

 private:
  void post(std::function<void()> job);

  boost::asio::any_io_executor pool_;
  const std::size_t max_jobs_;
  /// Shared with the jobs, which may outlive this object.
  std::shared_ptr<std::atomic<std::size_t>> jobs_;
};

}  // namespace spillway::net
