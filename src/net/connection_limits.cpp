#include "net/connection_limits.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "net/address_block.hpp"

namespace spillway::net {
namespace {

constexpr std::chrono::minutes between_warnings{1};

}  // namespace

connection_limits::entry connection_limits::enter(const boost::asio::ip::address& peer) {
  const auto client = counted_as(peer);
  const auto how = admit(client);
  if (how != admission::admitted) warn(peer);
  if (how == admission::dropped) return {how, nullptr};
  return {how, connection_ticket(this, [self = shared_from_this(), client, how](const void*) {
            self->leave(client, how);
          })};
}

connection_limits::client_block connection_limits::counted_as(
    const boost::asio::ip::address& peer) const {
  if (std::ranges::any_of(exempt_, [&](const auto& range) { return range.contains(peer); }))
    return std::nullopt;
  return block_of(peer);
}

admission connection_limits::admit(const client_block& client) {
  std::lock_guard lock(mutex_);
  if (total_ >= max_.total) return admission::dropped;
  const auto how = client ? admit_client(*client) : admission::admitted;
  if (how != admission::dropped) ++total_;
  return how;
}

/// Context: under the mutex.
admission connection_limits::admit_client(const boost::asio::ip::address& client) {
  auto& held = clients_[client];
  if (held.admitted < max_.per_client) {
    ++held.admitted;
    return admission::admitted;
  }
  if (held.answered >= max_answered) return admission::dropped;
  ++held.answered;
  return admission::answered;
}

void connection_limits::leave(const client_block& client, admission how) {
  std::lock_guard lock(mutex_);
  --total_;
  if (!client) return;
  auto found = clients_.find(*client);
  if (found == clients_.end()) return;
  --(how == admission::admitted ? found->second.admitted : found->second.answered);
  if (found->second.admitted == 0 && found->second.answered == 0) clients_.erase(found);
}

void connection_limits::warn(const boost::asio::ip::address& peer) {
  std::size_t total = 0;
  {
    std::lock_guard lock(mutex_);
    const auto now = now_();
    if (warned_at_ && now - *warned_at_ < between_warnings) return;
    warned_at_ = now;
    total = total_;
  }
  if (total >= max_.total) {
    spdlog::warn("[http] {} connections are open beside streams: further ones are dropped", total);
    return;
  }
  spdlog::warn(
      "[http] {} is at limits.max_connections_per_address ({}): its further connections are "
      "refused",
      block_of(peer).to_string(), max_.per_client);
}

std::size_t connection_limits::count() const {
  std::lock_guard lock(mutex_);
  return total_;
}

std::size_t connection_limits::clients() const {
  std::lock_guard lock(mutex_);
  return clients_.size();
}

}  // namespace spillway::net
