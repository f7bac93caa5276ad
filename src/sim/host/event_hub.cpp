#include "sim/host/event_hub.hpp"

#include <utility>

namespace spillway::sim {

std::optional<std::string> event_hub::feed::take() {
  const std::lock_guard lock(mutex_);
  if (events_.empty()) return std::nullopt;
  std::string event = std::move(events_.front());
  events_.pop_front();
  return event;
}

bool event_hub::feed::ended() const {
  const std::lock_guard lock(mutex_);
  return full_ && events_.empty();
}

void event_hub::feed::put(const std::string& event) {
  {
    const std::lock_guard lock(mutex_);
    full_ = full_ || events_.size() >= most;
    if (!full_) events_.push_back(event);
  }
  wake_();
}

std::shared_ptr<event_hub::feed> event_hub::watch(std::function<void()> wake) {
  auto made = std::make_shared<feed>(std::move(wake));
  const std::lock_guard lock(mutex_);
  feeds_.push_back(made);
  return made;
}

void event_hub::publish(const std::string& event) {
  std::vector<std::shared_ptr<feed>> all;
  {
    const std::lock_guard lock(mutex_);
    std::erase_if(feeds_, [](const auto& each) { return each.expired(); });
    for (const auto& each : feeds_) {
      if (auto alive = each.lock()) all.push_back(std::move(alive));
    }
  }
  for (const auto& each : all) each->put(event);
}

}  // namespace spillway::sim
