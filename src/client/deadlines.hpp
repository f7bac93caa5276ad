// How long the client waits for what a server should do at once.
#pragma once

#include <chrono>

namespace spillway::client {

struct deadlines {
  /// Each for itself: to look up the name, to connect, the TLS handshake, the answer to an upgrade,
  /// the answer to a request.
  std::chrono::milliseconds step = std::chrono::seconds(20);
  /// The answer to the request that starts a deploy.
  std::chrono::milliseconds deploy_answer = std::chrono::seconds(60);
  /// A peer that sends nothing for this long, not even a pong, is gone. A ping is sent after half
  /// of it, so that the server's own deadline never passes either.
  std::chrono::milliseconds silence = std::chrono::seconds(80);
  /// For the server's half of the closing handshake.
  std::chrono::milliseconds goodbye = std::chrono::seconds(2);
};

}  // namespace spillway::client
