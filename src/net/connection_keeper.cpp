#include "net/connection_keeper.hpp"

namespace spillway::net {

void connection_keeper::keep(std::shared_ptr<void> connection) {
  std::lock_guard lock(mutex_);
  const void* address = connection.get();
  kept_.emplace(address, std::move(connection));
}

std::shared_ptr<void> connection_keeper::release(const void* connection) {
  std::lock_guard lock(mutex_);
  auto node = kept_.extract(connection);
  return node.empty() ? nullptr : std::move(node.mapped());
}

void connection_keeper::shutdown() {
  decltype(kept_) last;
  {
    std::lock_guard lock(mutex_);
    last.swap(kept_);
  }
}

}  // namespace spillway::net
