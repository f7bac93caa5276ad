#include "bench/stop_request.hpp"

#include <signal.h>

#include <atomic>
#include <mutex>

namespace spillway::bench {
namespace {

std::atomic<bool> stop_requested = false;
static_assert(std::atomic<bool>::is_always_lock_free, "set in a signal handler");
std::mutex reason_mutex;
std::string stop_reason = "interrupted";

}  // namespace

void stop_on_signals() {
  struct sigaction action {};
  action.sa_handler = [](int) { stop_requested = true; };
  ::sigaction(SIGINT, &action, nullptr);
  ::sigaction(SIGTERM, &action, nullptr);
  ::signal(SIGPIPE, SIG_IGN);
}

void request_stop(const std::string& why) {
  {
    const std::lock_guard lock(reason_mutex);
    stop_reason = why;
  }
  stop_requested = true;
}

void throw_if_stopped() {
  if (!stop_requested) return;
  const std::lock_guard lock(reason_mutex);
  throw failure(stop_reason);
}

}  // namespace spillway::bench
