#include "net/password_queue.hpp"

namespace spillway::net {

bool password_queue::submit(std::function<void()> job) {
  {
    std::lock_guard lock(lane_->mutex);
    if (lane_->running == max_running) {
      if (lane_->waiting.size() == max_waiting) return false;
      lane_->waiting.push_back(std::move(job));
      return true;
    }
    ++lane_->running;
  }
  lane_->start(std::move(job));
  return true;
}

std::size_t password_queue::waiting() const {
  const std::lock_guard lock(lane_->mutex);
  return lane_->waiting.size();
}

void password_queue::lane::start(std::function<void()> job) {
  workers.submit_always([self = shared_from_this(), job = std::move(job)] {
    // Also where the job throws.
    const std::shared_ptr<void> done(nullptr, [&self](void*) { self->on_done(); });
    job();
  });
}

void password_queue::lane::on_done() {
  std::function<void()> next;
  {
    std::lock_guard lock(mutex);
    if (waiting.empty()) {
      --running;
      return;
    }
    next = std::move(waiting.front());
    waiting.pop_front();
  }
  start(std::move(next));
}

}  // namespace spillway::net
