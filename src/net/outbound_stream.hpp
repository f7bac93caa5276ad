// The layer under Beast's WebSocket stream.
#pragma once

#include <boost/beast/websocket/teardown.hpp>
#include <memory>
#include <string>
#include <utility>

#include "net/compressed_input.hpp"
#include "net/outbound_queue.hpp"

namespace spillway::net {

/// An AsyncStream (Boost.Beast's concept) over a client_socket whose writes go through an
/// outbound_queue, where they share the line with our batches. Beast therefore keeps its own state
/// machine, and frames that were encoded once need no copy per viewer. A write completes when all
/// its bytes are out. Context: the socket's strand.
class outbound_stream {
 public:
  using executor_type = strand_type;
  using next_layer_type = tcp_socket;

  /// `early` is what was read from the client already.
  outbound_stream(std::shared_ptr<outbound_queue> queue, std::string early)
      : queue_(std::move(queue)), early_(std::move(early)) {}

  executor_type get_executor() { return queue_->socket().get_executor(); }
  next_layer_type& next_layer() { return queue_->socket().tcp(); }
  outbound_queue& queue() { return *queue_; }

  /// While it is mute, what Beast writes goes nowhere.
  void mute(bool on) { mute_ = on; }
  /// What was read and Beast has not taken.
  std::string take_early() { return std::exchange(early_, {}); }

  /// From now on, what is read passes through a compressed_input, whose failures go to the handler.
  void inflate_input(std::size_t max_message_bytes, compressed_input::failure_handler on_failure) {
    input_ = std::make_shared<compressed_input>(max_message_bytes, std::move(on_failure));
  }

  template <class MutableBuffers, class Handler>
  auto async_read_some(const MutableBuffers& buffers, Handler&& handler);

  template <class ConstBuffers, class Handler>
  auto async_write_some(const ConstBuffers& buffers, Handler&& handler);

 private:
  template <class MutableBuffers, class Handler>
  void read(const MutableBuffers& buffers, Handler&& handler);

  std::shared_ptr<outbound_queue> queue_;
  std::string early_;
  bool mute_ = false;
  /// Null without compression.
  std::shared_ptr<compressed_input> input_;
};

/// Beast's customization points for the end of a connection (`websocket::async_teardown`).
template <class Handler>
void async_teardown(boost::beast::role_type role, outbound_stream& stream, Handler&& handler);
void teardown(boost::beast::role_type role, outbound_stream& stream,
              boost::system::error_code& error);

}  // namespace spillway::net

#include "net/outbound_stream.ipp"
