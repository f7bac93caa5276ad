// A connection to a server, with TLS or without, as one type.
#pragma once

#include <boost/asio/ssl/context.hpp>
#include <boost/beast/core/role.hpp>
#include <boost/beast/core/stream_traits.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <boost/beast/websocket/ssl.hpp>
#include <boost/beast/websocket/teardown.hpp>
#include <memory>
#include <utility>

#include "client/tls_trust.hpp"

namespace spillway::client {

/// An AsyncStream, for Beast's HTTP and WebSocket. Context: the io_context's thread.
class wire {
 public:
  using tls_stream = boost::beast::ssl_stream<boost::beast::tcp_stream>;
  using executor_type = boost::beast::tcp_stream::executor_type;

  explicit wire(boost::beast::tcp_stream connected)
      : plain_(std::make_unique<boost::beast::tcp_stream>(std::move(connected))) {}
  wire(boost::beast::tcp_stream connected, tls_context_ptr context)
      : context_(std::move(context)),
        tls_(std::make_unique<tls_stream>(std::move(connected), *context_)) {}

  executor_type get_executor() { return tcp().get_executor(); }
  boost::beast::tcp_stream& tcp() { return tls_ ? tls_->next_layer() : *plain_; }
  /// Null where there is no TLS.
  tls_stream* tls() { return tls_.get(); }

  template <class Buffers, class Token>
  auto async_read_some(const Buffers& buffers, Token&& token) {
    if (tls_) return tls_->async_read_some(buffers, std::forward<Token>(token));
    return plain_->async_read_some(buffers, std::forward<Token>(token));
  }
  template <class Buffers, class Token>
  auto async_write_some(const Buffers& buffers, Token&& token) {
    if (tls_) return tls_->async_write_some(buffers, std::forward<Token>(token));
    return plain_->async_write_some(buffers, std::forward<Token>(token));
  }

 private:
  tls_context_ptr context_;
  std::unique_ptr<boost::beast::tcp_stream> plain_;
  std::unique_ptr<tls_stream> tls_;
};

/// Beast's customization points for closing: found by argument-dependent lookup.
inline void beast_close_socket(wire& closed) {
  closed.tcp().close();
}

template <class Handler>
void async_teardown(boost::beast::role_type role, wire& of, Handler&& handler) {
  using boost::beast::websocket::async_teardown;
  if (of.tls())
    async_teardown(role, *of.tls(), std::forward<Handler>(handler));
  else
    async_teardown(role, of.tcp().socket(), std::forward<Handler>(handler));
}

}  // namespace spillway::client
