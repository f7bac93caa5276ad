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
/// clients, are not counted. Holds an entry for each client that has connections, and nothing of
/// others. Context: any thread; made with make_shared.
class connection_limits : public std::enable_shared_from_this<connection_limits> {
 public:
  using clock = std::function<std::chrono::steady_clock::time_point()>;
  /// Of one client at a time: an answer holds its connection until the client has read it.
  static constexpr std::uint32_t max_answered = 16;

  connection_limits(std::uint32_t max_per_client, std::vector<config::address_range> exempt,
                    clock now = std::chrono::steady_clock::now)
      : max_(max_per_client), exempt_(std::move(exempt)), now_(std::move(now)) {}

  struct entry {
    admission how = admission::admitted;
    /// To be held as long as the connection; null where it is not counted.
    connection_ticket ticket;
  };

  /// Logs that a client is past the limit, at most once a minute whoever it is.
  entry enter(const boost::asio::ip::address& peer);

  /// Clients that have connections.
  std::size_t clients() const;

 private:
  struct counts {
    std::uint32_t admitted = 0;
    std::uint32_t answered = 0;
  };

  admission admit(const boost::asio::ip::address& client);
  void leave(const boost::asio::ip::address& client, admission how);
  void warn(const boost::asio::ip::address& client);

  const std::uint32_t max_;
  const std::vector<config::address_range> exempt_;
  const clock now_;
  mutable std::mutex mutex_;
  std::map<boost::asio::ip::address, counts> clients_;
  std::optional<std::chrono::steady_clock::time_point> warned_at_;
};

}  // namespace spillway::net
