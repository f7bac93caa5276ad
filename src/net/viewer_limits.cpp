#include "net/viewer_limits.hpp"

namespace spillway::net {

tl::expected<viewer_ticket, limit_reached> viewer_limits::acquire(const std::string& user) {
  {
    std::lock_guard lock(mutex_);
    if (count_ >= max_) return tl::unexpected(limit_reached::server);
    auto& of_user = per_user_[user];
    if (of_user >= max_per_user_) {
      if (of_user == 0) per_user_.erase(user);
      return tl::unexpected(limit_reached::user);
    }
    ++of_user;
    ++count_;
  }
  return viewer_ticket(this,
                       [self = shared_from_this(), user](const void*) { self->release(user); });
}

void viewer_limits::release(const std::string& user) {
  std::lock_guard lock(mutex_);
  --count_;
  auto found = per_user_.find(user);
  if (found != per_user_.end() && --found->second == 0) per_user_.erase(found);
}

std::uint32_t viewer_limits::count() const {
  std::lock_guard lock(mutex_);
  return count_;
}

}  // namespace spillway::net
