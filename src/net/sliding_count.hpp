// How often something happened in the time just past.
#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

#include "config/rate.hpp"

namespace spillway::net {

/// Events of the window that ends now: never more of them in any window than were counted. Small:
/// at most 33 marks, however many events. Each is exact for limits up to 32; above, events within a
/// 32nd of the window share a mark and are all forgotten with the newest of them, a little late.
/// Each call is given the same limit and a time that does not go back. Context: one thread at a
/// time.
class sliding_count {
 public:
  using time_point = std::chrono::steady_clock::time_point;

  void add(time_point now, const config::rate& limit);
  std::uint32_t within(time_point now, const config::rate& limit);
  /// When there will be fewer than the limit; `now` where there are.
  time_point room_at(time_point now, const config::rate& limit);
  void clear() { marks_.clear(); }

 private:
  struct mark {
    time_point first;
    time_point last;
    std::uint32_t count;
  };
  /// Oldest first.
  std::vector<mark> marks_;
};

}  // namespace spillway::net
