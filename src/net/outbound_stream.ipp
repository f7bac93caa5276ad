// Templates of outbound_stream: from Beast's handlers to the queue's plain ones.
#pragma once

#include <boost/asio/async_result.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/buffers_iterator.hpp>
#include <utility>

namespace spillway::net {
template <class MutableBuffers, class Handler>
auto outbound_stream::async_read_some(const MutableBuffers& buffers, Handler&& handler) {
  return boost::asio::async_initiate<Handler, void(boost::system::error_code, std::size_t)>(
      [this, buffers](auto&& inner) {
        if (early_.empty()) {
          queue_->socket().async_read_some(buffers, std::forward<decltype(inner)>(inner));
          return;
        }
        auto n = boost::asio::buffer_copy(buffers, boost::asio::buffer(early_));
        early_.erase(0, n);
        make_completion<true>(std::forward<decltype(inner)>(inner), get_executor())
            ->complete({}, n);
      },
      handler);
}

template <class ConstBuffers, class Handler>
auto outbound_stream::async_write_some(const ConstBuffers& buffers, Handler&& handler) {
  return boost::asio::async_initiate<Handler, void(boost::system::error_code, std::size_t)>(
      [this, buffers](auto&& inner) {
        // Control frames and the handshake's answer: small, so a copy is the simple way.
        std::string bytes(boost::asio::buffers_begin(buffers), boost::asio::buffers_end(buffers));
        queue_->write(std::move(bytes),
                      make_completion<true>(std::forward<decltype(inner)>(inner), get_executor()));
      },
      handler);
}

template <class Handler>
void async_teardown(boost::beast::role_type, outbound_stream& stream, Handler&& handler) {
  stream.queue().teardown(
      make_completion<false>(std::forward<Handler>(handler), stream.get_executor()));
}

}  // namespace spillway::net
