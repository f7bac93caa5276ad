// How many connections one client may hold.
#pragma once

#include <boost/asio/ip/address.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "config/address_range.hpp"

namespace spillway::net {

/// What becomes of a connection.
enum class admission : std::uint8_t {
  admitted,
  /// Past the limit, and worth an answer that says so.
  answered,
  /// Past the limit, like many others of its client: closed without a word.
  dropped
};

/// A place among the connections of its client; given back when its last share goes.
using connection_ticket = std::shared_ptr<const void>;

/// `limits.max_connections_per_address`, for connections that are no open streams. A client is the
/// address of the other end, or the /64 of an IPv6 one; trusted proxies, who stand for many
/// clients, are counted in the total alone. Holds an entry for each client that has connections,
/// and nothing of others. Context: any thread; made with make_shared.
class connection_limits : public std::enable_shared_from_this<connection_limits> {
 public:
  using clock = std::function<std::chrono::steady_clock::time_point()>;
  /// Of one client at a time: an answer holds its connection until the client has read it.
  static constexpr std::uint32_t max_answered = 16;

  struct maxima {
    std::uint32_t per_client;
    /// Of all together, trusted proxies included.
    std::size_t total;
  };

  connection_limits(maxima max, std::vector<config::address_range> exempt,
                    clock now = std::chrono::steady_clock::now)
      : max_(max), exempt_(std::move(exempt)), now_(std::move(now)) {}

  struct entry {
    admission how = admission::admitted;
    /// To be held as long as the connection; null for one that is dropped.
    connection_ticket ticket;
  };

  /// Logs that a client is past the limit, or all are, at most once a minute whoever it is.
  entry enter(const boost::asio::ip::address& peer);

  /// Connections in all.
  std::size_t count() const;
  /// Clients that have connections.
  std::size_t clients() const;

 private:
  struct counts {
    std::uint32_t admitted = 0;
    std::uint32_t answered = 0;
  };

  /// Nothing stands for a client that is not counted.
  using client_block = std::optional<boost::asio::ip::address>;

  client_block counted_as(const boost::asio::ip::address& peer) const;
  admission admit(const client_block& client);
  admission admit_client(const boost::asio::ip::address& client);
  void leave(const client_block& client, admission how);
  void warn(const boost::asio::ip::address& peer);

  const maxima max_;
  const std::vector<config::address_range> exempt_;
  const clock now_;
  mutable std::mutex mutex_;
  std::map<boost::asio::ip::address, counts> clients_;
  std::size_t total_ = 0;
  std::optional<std::chrono::steady_clock::time_point> warned_at_;
};

}  // namespace spillway::net
