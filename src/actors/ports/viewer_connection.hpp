// Port: one viewer's WebSocket connection. Implemented by net/.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/strand.hpp>
#include <cstdint>
#include <memory>
#include <string>

#include "actors/batch.hpp"
#include "protocol/close.hpp"

namespace spillway::actors {

/// What a connection tells the session that owns it. Context: the connection's strand.
class viewer_events {
 public:
  virtual ~viewer_events() = default;
  /// The batch for which `write` returned `pending` is out.
  virtual void on_written() = 0;
  /// Nothing came from the client for `stream.read_deadline`. Told once.
  virtual void on_silent() = 0;
  /// The socket has taken no byte of a pending batch for `stream.stall_timeout`. Told once.
  virtual void on_stalled() = 0;
  /// The connection is gone, for whatever reason. Told exactly once, and nothing after it.
  virtual void on_gone() = 0;
};

/// A WebSocket connection whose handshake is done. Context: its strand, for every member.
class viewer_connection {
 public:
  using strand_type = boost::asio::strand<boost::asio::io_context::executor_type>;
  enum class write_result : std::uint8_t { written, pending, gone };

  virtual ~viewer_connection() = default;
  /// May be called from any thread.
  virtual strand_type strand() const = 0;
  /// Whether the client takes compressed frames: messages of one deflate context with a 32 KiB
  /// window that lives as long as the connection (permessage-deflate, RFC 7692). May be called from
  /// any thread.
  virtual bool takes_deflated() const = 0;
  /// Begins to read (and to ignore) what the client sends, and to report. Called once.
  virtual void start(std::shared_ptr<viewer_events> events) = 0;
  /// Sends finished frames. At most one batch may be pending: `pending` is followed by `on_written`
  /// or `on_gone`.
  virtual write_result write(batch_ptr frames) = 0;
  /// Sends the close frame after what is pending, waits a bounded time for the client's, closes the
  /// socket. `on_gone` follows. May be called twice; the first counts.
  virtual void close(protocol::close_frame frame) = 0;
  /// Drops the connection at once, unsent bytes included. `on_gone` follows.
  virtual void abort() = 0;
};

}  // namespace spillway::actors
