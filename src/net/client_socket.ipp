// Templates of client_socket.
#pragma once

#include <algorithm>
#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/core/bind_handler.hpp>
#include <string>
#include <utility>

#include "net/completion.hpp"
#include "net/tls_socket.hpp"

namespace spillway::net {

template <class Handler>
void client_socket::async_wait_for_room(Handler&& handler) {
  auto* tls = tls_of();
  tcp().async_wait(tls != nullptr ? tls->wanted() : tcp_socket::wait_write,
                   std::forward<Handler>(handler));
}

template <class Handler>
void client_socket::async_wait_readable(Handler&& handler) {
  auto* tls = tls_of();
  if (tls != nullptr && tls->has_pending()) {
    return make_completion<false>(std::forward<Handler>(handler), get_executor())->complete({}, 0);
  }
  tcp().async_wait(tcp_socket::wait_read, std::forward<Handler>(handler));
}

template <class MutableBuffers, class Handler>
auto client_socket::async_read_some(const MutableBuffers& buffers, Handler&& handler) {
  return boost::asio::async_initiate<Handler, void(boost::system::error_code, std::size_t)>(
      [this, buffers](auto&& inner) {
        auto* tls = tls_of();
        if (tls == nullptr) {
          return tcp().async_read_some(buffers, std::forward<decltype(inner)>(inner));
        }
        boost::asio::mutable_buffer into;
        for (auto at = boost::asio::buffer_sequence_begin(buffers);
             into.size() == 0 && at != boost::asio::buffer_sequence_end(buffers); ++at) {
          into = *at;
        }
        tls->async_read_some(
            into, make_completion<true>(std::forward<decltype(inner)>(inner), get_executor()));
      },
      handler);
}

template <class ConstBuffers, class Handler>
auto client_socket::async_write_some(const ConstBuffers& buffers, Handler&& handler) {
  return boost::asio::async_initiate<Handler, void(boost::system::error_code, std::size_t)>(
      [this, buffers](auto&& inner) {
        auto* tls = tls_of();
        if (tls == nullptr) {
          return tcp().async_write_some(buffers, std::forward<decltype(inner)>(inner));
        }
        // One record for a reply's head and the beginning of its body.
        std::string bytes(std::min(boost::asio::buffer_size(buffers), tls_socket::max_record_bytes),
                          '\0');
        boost::asio::buffer_copy(boost::asio::buffer(bytes), buffers);
        tls->async_write_some(
            std::move(bytes),
            make_completion<true>(std::forward<decltype(inner)>(inner), get_executor()));
      },
      handler);
}

}  // namespace spillway::net
