// When a publisher that keeps failing is not started again at once.
#pragma once

#include <chrono>
#include <deque>
#include <string>
#include <unordered_map>

namespace spillway::actors {

/// Counts failures by key: after five within thirty seconds a key is refused until the oldest of
/// them is a minute old. Time is whatever clock the caller's `now` comes from. Context: the
/// supervisor.
class restart_limit {
 public:
  using time_point = std::chrono::steady_clock::time_point;

  void failed(const std::string& key, time_point now);
  bool backing_off(const std::string& key, time_point now);

 private:
  static constexpr std::size_t intensity = 5;
  static constexpr std::chrono::seconds window{30};
  static constexpr std::chrono::seconds back_off{60};

  std::unordered_map<std::string, std::deque<time_point>> failures_;
};

}  // namespace spillway::actors
