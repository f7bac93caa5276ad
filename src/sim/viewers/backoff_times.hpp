// How long a viewer waits before it comes back.
#pragma once

#include <algorithm>
#include <chrono>

namespace spillway::sim {

/// As the reference says: a second, twice as long each time, thirty at most; all of it scaled.
/// Context: one viewer.
class backoff_times {
 public:
  explicit backoff_times(double scale) : scale_(scale) {}

  /// A connection was opened.
  void reset() { next_ = first; }
  std::chrono::nanoseconds next() {
    const auto now = next_;
    next_ = std::min(next_ * 2, most);
    return std::chrono::duration_cast<std::chrono::nanoseconds>(now * scale_);
  }

 private:
  static constexpr std::chrono::duration<double> first{1};
  static constexpr std::chrono::duration<double> most{30};
  double scale_;
  std::chrono::duration<double> next_ = first;
};

}  // namespace spillway::sim
