// From a checked upgrade request to a viewer's connection.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "net/client_socket.hpp"
#include "net/deadline_wheel.hpp"

namespace spillway::net {

/// The times of one WebSocket connection.
struct ws_timing {
  std::chrono::milliseconds read_deadline;
  std::chrono::milliseconds ping_interval;
  std::chrono::milliseconds stall_timeout;
  /// How long the client may take to answer a close frame, and to read on before it.
  std::chrono::milliseconds close_timeout;
};

struct accepted_upgrade {
  client_socket socket;
  /// What the client sent right behind its request.
  std::string early;
  /// The value of `Sec-WebSocket-Key`, already checked.
  std::string key;
  /// What the answer says in `Sec-WebSocket-Extensions`; empty without compression.
  std::string extensions;
  ws_timing timing;
  std::shared_ptr<deadline_wheel> wheel;
  /// Whatever has to live as long as the connection: its place in the count of viewers.
  std::shared_ptr<const void> ticket;
};

using accept_handler = std::function<void(std::shared_ptr<actors::viewer_connection>)>;

/// Sends the 101 and calls the handler on the connection's strand, with null where the client has
/// gone. Context: the strand of the socket.
void accept_websocket(accepted_upgrade upgrade, accept_handler handler);

}  // namespace spillway::net
