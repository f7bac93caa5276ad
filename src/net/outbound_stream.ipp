// Templates of outbound_stream: from Beast's handlers to the queue's plain ones.
#pragma once

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/buffers_iterator.hpp>
#include <utility>

namespace spillway::net {
namespace detail {

/// Lets what was read pass through the input on its way to Beast's handler.
template <class MutableBuffers, class Handler>
struct input_completion {
  /// Weak, since the buffers die with the stream or its owner, as the input does.
  std::weak_ptr<compressed_input> input;
  MutableBuffers buffers;
  Handler handler;

  void operator()(boost::system::error_code error, std::size_t bytes) {
    if (auto alive = input.lock()) {
      auto left = bytes;
      for (auto each = boost::asio::buffer_sequence_begin(buffers); left > 0; ++each) {
        boost::asio::mutable_buffer piece = boost::asio::buffer(*each, left);
        alive->pass({static_cast<char*>(piece.data()), piece.size()});
        left -= piece.size();
      }
    }
    std::move(handler)(error, bytes);
  }
};

}  // namespace detail

template <class MutableBuffers, class Handler>
auto outbound_stream::async_read_some(const MutableBuffers& buffers, Handler&& handler) {
  return boost::asio::async_initiate<Handler, void(boost::system::error_code, std::size_t)>(
      [this, buffers](auto&& inner) {
        if (!input_) return read(buffers, std::forward<decltype(inner)>(inner));
        auto executor = boost::asio::get_associated_executor(inner, get_executor());
        read(buffers,
             boost::asio::bind_executor(
                 executor, detail::input_completion<MutableBuffers, std::decay_t<decltype(inner)>>{
                               input_, buffers, std::forward<decltype(inner)>(inner)}));
      },
      handler);
}

template <class MutableBuffers, class Handler>
void outbound_stream::read(const MutableBuffers& buffers, Handler&& handler) {
  if (early_.empty()) {
    return queue_->socket().async_read_some(buffers, std::forward<Handler>(handler));
  }
  auto n = boost::asio::buffer_copy(buffers, boost::asio::buffer(early_));
  early_.erase(0, n);
  make_completion<true>(std::forward<Handler>(handler), get_executor())->complete({}, n);
}

template <class ConstBuffers, class Handler>
auto outbound_stream::async_write_some(const ConstBuffers& buffers, Handler&& handler) {
  return boost::asio::async_initiate<Handler, void(boost::system::error_code, std::size_t)>(
      [this, buffers](auto&& inner) {
        if (mute_) {
          return make_completion<true>(std::forward<decltype(inner)>(inner), get_executor())
              ->complete({}, boost::asio::buffer_size(buffers));
        }
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
