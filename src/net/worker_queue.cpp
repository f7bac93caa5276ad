#include "net/worker_queue.hpp"

#include <spdlog/spdlog.h>

#include <boost/asio/post.hpp>
#include <exception>

namespace spillway::net {

worker_queue::worker_queue(boost::asio::any_io_executor pool, std::size_t max_jobs)
    : pool_(std::move(pool)),
      max_jobs_(max_jobs),
      jobs_(std::make_shared<std::atomic<std::size_t>>(0)) {}

bool worker_queue::submit(std::function<void()> job) {
  if (jobs_->fetch_add(1) >= max_jobs_) {
    jobs_->fetch_sub(1);
    return false;
  }
  post(std::move(job));
  return true;
}

void worker_queue::submit_always(std::function<void()> job) {
  jobs_->fetch_add(1);
  post(std::move(job));
}

void worker_queue::post(std::function<void()> job) {
  boost::asio::post(pool_, [job = std::move(job), jobs = jobs_]() mutable {
    try {
      job();
    } catch (const std::exception& e) {
      spdlog::error("[worker] a job failed: {}", e.what());
    }
    // Its captures go first: a request that it left unanswered is answered by that.
    job = nullptr;
    jobs->fetch_sub(1);
  });
}

}  // namespace spillway::net
