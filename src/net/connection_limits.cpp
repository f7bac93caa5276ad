#include "net/connection_limits.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "net/address_block.hpp"

namespace spillway::net {
namespace {

constexpr std::chrono::minutes between_warnings{1};

}  // namespace

connection_limits::entry connection_limits::enter(const boost::asio::ip::address& peer) {
  if (std::ranges::any_of(exempt_, [&](const auto& range) { return range.contains(peer); }))
    return {};
  const auto client = block_of(peer);
  const auto how = admit(client);
  if (how != admission::admitted) warn(client);
  if (how == admission::dropped) return {how, nullptr};
  return {how, connection_ticket(this, [self = shared_from_this(), client, how](const void*) {
            self->leave(client, how);
          })};
}

admission connection_limits::admit(const boost::asio::ip::address& client) {
  std::lock_guard lock(mutex_);
  auto& held = clients_[client];
  if (held.admitted < max_) {
    ++held.admitted;
    return admission::admitted;
  }
  if (held.answered >= max_answered) return admission::dropped;
  ++held.answered;
  return admission::answered;
}

void connection_limits::leave(const boost::asio::ip::address& client, admission how) {
  std::lock_guard lock(mutex_);
  auto found = clients_.find(client);
  if (found == clients_.end()) return;
  --(how == admission::admitted ? found->second.admitted : found->second.answered);
  if (found->second.admitted == 0 && found->second.answered == 0) clients_.erase(found);
}

void connection_limits::warn(const boost::asio::ip::address& client) {
  {
    std::lock_guard lock(mutex_);
    const auto now = now_();
    if (warned_at_ && now - *warned_at_ < between_warnings) return;
    warned_at_ = now;
  }
  spdlog::warn(
      "[http] {} is at limits.max_connections_per_address ({}): its further connections are "
      "refused",
      client.to_string(), max_);
}

std::size_t connection_limits::clients() const {
  std::lock_guard lock(mutex_);
  return clients_.size();
}

}  // namespace spillway::net
