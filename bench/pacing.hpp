// When the lines of a log are due.
#pragma once

#include <algorithm>
#include <cstdint>

namespace spillway::bench {

/// Lines at an even rate, at most one group of them a millisecond: a source of more than 1,000
/// lines/s writes several at once. What could not be written in time is due at once. Context: one
/// thread.
class pacing {
 public:
  static constexpr std::int64_t tick_ns = 1'000'000;

  void start(double lines_per_second, std::uint64_t lines, std::int64_t now_ns) {
    start_ns_ = last_ns_ = now_ns;
    rate_ = lines_per_second;
    lines_ = lines;
    produced_ = 0;
  }
  void stop() { lines_ = produced_; }

  bool busy() const { return produced_ < lines_; }

  /// How many lines to produce now.
  std::uint64_t due(std::int64_t now_ns) const {
    if (!busy() || now_ns < next_ns()) return 0;
    const double so_far = static_cast<double>(now_ns - start_ns_) * rate_ / 1e9;
    return std::min(lines_, static_cast<std::uint64_t>(so_far) + 1) - produced_;
  }
  void produced(std::uint64_t lines, std::int64_t now_ns) {
    produced_ += lines;
    last_ns_ = now_ns;
  }

  /// When to produce again. Only while busy.
  std::int64_t next_ns() const {
    const auto due =
        start_ns_ + static_cast<std::int64_t>(static_cast<double>(produced_) / rate_ * 1e9);
    return produced_ == 0 ? due : std::max(due, last_ns_ + tick_ns);
  }

 private:
  std::int64_t start_ns_ = 0;
  std::int64_t last_ns_ = 0;
  double rate_ = 1;
  std::uint64_t lines_ = 0;
  std::uint64_t produced_ = 0;
};

}  // namespace spillway::bench
