#include "sim/host/misbehaviour.hpp"

#include <utility>

namespace spillway::sim {

void misbehaviour::slow_down(std::chrono::nanoseconds by, time_point until) {
  const std::lock_guard lock(mutex_);
  slow_by_ = by;
  slow_until_ = until;
}

void misbehaviour::fail(time_point until) {
  const std::lock_guard lock(mutex_);
  fails_until_ = until;
}

std::chrono::nanoseconds misbehaviour::delay(time_point now) const {
  const std::lock_guard lock(mutex_);
  return now < slow_until_ ? slow_by_ : std::chrono::nanoseconds::zero();
}

bool misbehaviour::fails(time_point now) const {
  const std::lock_guard lock(mutex_);
  return now < fails_until_;
}

void misbehaviour::add(const std::string& container, const std::shared_ptr<live_stream>& stream) {
  const std::lock_guard lock(mutex_);
  const auto [first, last] = streams_.equal_range(container);
  for (auto each = first; each != last;) {
    each = each->second.expired() ? streams_.erase(each) : std::next(each);
  }
  streams_.emplace(container, stream);
}

std::vector<std::shared_ptr<live_stream>> misbehaviour::streams_of(const std::string& container) {
  const std::lock_guard lock(mutex_);
  std::vector<std::shared_ptr<live_stream>> found;
  const auto [first, last] = streams_.equal_range(container);
  for (auto each = first; each != last; ++each) {
    if (auto stream = each->second.lock()) found.push_back(std::move(stream));
  }
  return found;
}

void misbehaviour::add_connection(std::weak_ptr<void> owner, std::function<void()> close) {
  const std::lock_guard lock(mutex_);
  std::erase_if(connections_, [](const connection& each) { return each.owner.expired(); });
  connections_.push_back({std::move(owner), std::move(close)});
}

std::size_t misbehaviour::connections() {
  const std::lock_guard lock(mutex_);
  std::erase_if(connections_, [](const connection& each) { return each.owner.expired(); });
  return connections_.size();
}

void misbehaviour::close_connections() {
  std::vector<connection> all;
  {
    const std::lock_guard lock(mutex_);
    all.swap(connections_);
  }
  for (const connection& each : all) {
    if (const auto alive = each.owner.lock()) each.close();
  }
}

}  // namespace spillway::sim
