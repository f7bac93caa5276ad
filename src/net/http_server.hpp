// The HTTP and WebSocket listener.
#pragma once

#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <memory>
#include <string>
#include <tl/expected.hpp>

#include "config/settings.hpp"
#include "net/dependencies.hpp"

namespace spillway::net {

/// Context: any thread. Work is done on the io_context; what `dependencies` refers to outlives its
/// run.
class http_server {
 public:
  http_server(boost::asio::io_context& io, const dependencies& deps);
  ~http_server();
  http_server(const http_server&) = delete;
  http_server& operator=(const http_server&) = delete;

  /// Binds, listens and begins to accept; the actual port, or a sentence such as `cannot listen on
  /// 127.0.0.1:8443: address already in use`. Called once, at start: a host name is looked up,
  /// which blocks.
  tl::expected<std::uint16_t, std::string> listen(const config::endpoint& where);

  /// Stops accepting and closes the connections that wait for a request; those with a request under
  /// way end with its reply. Streams are not touched: their sessions end them. May be called twice.
  void stop();

  /// Streams that are open.
  std::uint32_t viewers() const;

 private:
  class acceptor;
  std::shared_ptr<acceptor> acceptor_;
};

}  // namespace spillway::net
