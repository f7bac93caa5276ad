// Beast's stream of a viewer's connection. Heavy to include: for ws_connection alone.
#pragma once

#include <array>
#include <boost/beast/websocket/stream.hpp>

#include "net/outbound_stream.hpp"
#include "net/ws_connection.hpp"

namespace spillway::net {

/// Context: the connection's strand.
struct ws_connection::beast_side {
  beast_side(std::shared_ptr<outbound_queue> queue, std::string early)
      : ws(std::move(queue), std::move(early)) {}

  boost::beast::websocket::stream<outbound_stream, false> ws;
  /// Beast knows that the handshake is done.
  bool awake = false;
  std::array<char, 512> ignored;
};

}  // namespace spillway::net
