#include "app/stop_signal.hpp"

#include <pthread.h>

namespace spillway::app {

stop_signal::stop_signal() {
  std::signal(SIGPIPE, SIG_IGN);
  // Blocked it is waited for all the same; unblocked, at the very end, it must not end the process.
  std::signal(SIGHUP, SIG_IGN);
  std::signal(SIGUSR2, SIG_IGN);
  sigemptyset(&watched_);
  sigaddset(&watched_, SIGHUP);
  sigaddset(&watched_, SIGINT);
  sigaddset(&watched_, SIGTERM);
  sigaddset(&watched_, SIGUSR2);  // from the destructor, to end the watcher
  pthread_sigmask(SIG_BLOCK, &watched_, &before_);
  watcher_ = std::thread([this] { watch(); });
}

stop_signal::~stop_signal() {
  {
    const std::lock_guard lock(state_->mutex);
    ending_ = true;
  }
  pthread_kill(watcher_.native_handle(), SIGUSR2);
  watcher_.join();
  pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

void stop_signal::watch() {
  for (int received = 0; sigwait(&watched_, &received) == 0;) {
    const std::lock_guard lock(state_->mutex);
    if (received == SIGUSR2) {
      // From elsewhere it means nothing: without a watcher no signal would end the server.
      if (ending_) return;
      continue;
    }
    if (received == SIGHUP) {
      state_->hangup = true;
    } else if (state_->count++ == 0) {
      state_->first = received;
    }
    state_->changed.notify_all();
  }
}

int stop_signal::wait() {
  std::unique_lock lock(state_->mutex);
  state_->changed.wait(lock, [this] { return state_->count > 0 || state_->hangup; });
  if (state_->count > 0) return state_->first;
  state_->hangup = false;
  return SIGHUP;
}

std::function<void(bool)> completion::handler() {
  return [state = state_, done = done_](bool) {
    const std::lock_guard lock(state->mutex);
    *done = true;
    state->changed.notify_all();
  };
}

bool completion::wait_until(std::chrono::steady_clock::time_point deadline, patience how) {
  std::unique_lock lock(state_->mutex);
  state_->changed.wait_until(lock, deadline, [&] {
    return *done_ || (how == patience::until_second_signal && state_->count > 1);
  });
  return *done_;
}

}  // namespace spillway::app
