// One open stream.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <memory>
#include <string>
#include <tl/expected.hpp>

#include "client/deadlines.hpp"
#include "client/failure.hpp"
#include "client/server_address.hpp"
#include "client/wire.hpp"

namespace spillway::client {

/// How a stream ended.
struct stream_end {
  /// As in the close frame; 1006 where there was none (RFC 6455 section 7.1.5).
  std::uint16_t code = 1006;
  /// The close frame's reason, or why there was none.
  std::string reason;
};

/// Context: the io_context's thread.
class frame_stream {
 public:
  virtual ~frame_stream() = default;
  /// The next frame's text. A peer that says nothing for too long, not even in answer to pings, is
  /// gone.
  virtual boost::asio::awaitable<tl::expected<std::string, stream_end>> read() = 0;
  /// Waits a little for the server's close frame, for a stream that has brought all there is.
  virtual boost::asio::awaitable<void> part() = 0;
};

struct stream_request {
  server_address server;
  std::string token;
  std::string target;
  /// The one it is about, for the sentence of a refusal; empty where it is about none.
  std::string app;
};

/// The WebSocket handshake (RFC 6455 section 4.1), with an offer of permessage-deflate.
boost::asio::awaitable<result<std::unique_ptr<frame_stream>>> open_frame_stream(
    wire connected, const stream_request& wanted, deadlines wait);

}  // namespace spillway::client
