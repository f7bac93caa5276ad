#include "actors/restart_limit.hpp"

namespace spillway::actors {

void restart_limit::failed(const std::string& key, time_point now) {
  auto& times = failures_[key];
  times.push_back(now);
  while (times.size() > intensity) times.pop_front();
}

bool restart_limit::backing_off(const std::string& key, time_point now) {
  auto found = failures_.find(key);
  if (found == failures_.end()) return false;
  const auto& times = found->second;
  if (now - times.back() >= back_off) {
    failures_.erase(found);
    return false;
  }
  return times.size() == intensity && times.back() - times.front() <= window &&
         now - times.front() < back_off;
}

}  // namespace spillway::actors
