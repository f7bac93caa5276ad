#include "net/sliding_count.hpp"

#include <algorithm>

namespace spillway::net {
namespace {

constexpr std::uint32_t max_exact = 32;

}  // namespace

void sliding_count::add(time_point now, const config::rate& limit) {
  within(now, limit);
  bool coarse = limit.count > max_exact;
  if (coarse && !marks_.empty() && now - marks_.back().first < limit.window / max_exact) {
    marks_.back().last = now;
    ++marks_.back().count;
    return;
  }
  marks_.push_back({now, now, 1});
}

std::uint32_t sliding_count::within(time_point now, const config::rate& limit) {
  auto recent =
      std::ranges::find_if(marks_, [&](const mark& m) { return now - m.last < limit.window; });
  marks_.erase(marks_.begin(), recent);
  std::uint32_t count = 0;
  for (const auto& m : marks_) count += m.count;
  return count;
}

sliding_count::time_point sliding_count::room_at(time_point now, const config::rate& limit) {
  auto count = within(now, limit);
  auto oldest = marks_.begin();
  auto at = now;
  for (; count >= limit.count; ++oldest) {
    count -= oldest->count;
    at = oldest->last + limit.window;
  }
  return at;
}

}  // namespace spillway::net
