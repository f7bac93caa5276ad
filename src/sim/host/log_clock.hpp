// The times that a simulated Engine stamps log entries and runs with.
#pragma once

#include <algorithm>
#include <chrono>
#include <functional>

#include "protocol/timestamp.hpp"

namespace spillway::sim {

inline protocol::timestamp wall_clock() {
  return std::chrono::time_point_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now());
}

/// Rises with every stamp, as a clock that counts nanoseconds does, except where it is set wrong or
/// right again. Context: one owner.
class log_clock {
 public:
  using time_source = std::function<protocol::timestamp()>;

  explicit log_clock(time_source now = wall_clock) : now_(std::move(now)) {}

  protocol::timestamp now() const { return now_() + skew_; }
  protocol::timestamp stamp() {
    last_ = std::max(now(), last_ + std::chrono::nanoseconds(1));
    return last_;
  }
  void set_wrong_by(std::chrono::nanoseconds skew) {
    skew_ = skew;
    last_ = {};
  }

 private:
  time_source now_;
  std::chrono::nanoseconds skew_{};
  protocol::timestamp last_{};
};

}  // namespace spillway::sim
