// How long to wait before the next attempt to connect.
#pragma once

#include <algorithm>
#include <chrono>
#include <optional>

namespace spillway::client {

/// One second, twice as long each time, thirty at most. Context: one thread.
class backoff {
 public:
  static constexpr std::chrono::seconds first{1};
  static constexpr std::chrono::seconds most{30};

  /// A connection was opened.
  void reset() { next_ = first; }
  /// `asked_for` is what the server said in Retry-After: it is not asked earlier.
  std::chrono::seconds next(std::optional<std::chrono::seconds> asked_for = std::nullopt) {
    const auto now = next_;
    next_ = std::min(next_ * 2, most);
    return asked_for ? std::max(now, *asked_for) : now;
  }

 private:
  std::chrono::seconds next_ = first;
};

}  // namespace spillway::client
