// Templates of outbound_stream: from Beast's handlers to the queue's plain ones.
#pragma once

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/buffers_iterator.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/core/bind_handler.hpp>
#include <utility>

namespace spillway::net {
namespace detail {

/// A Beast handler behind the queue's interface. Posted, never called at once: the queue can be
/// inside of Beast's own call.
template <class Handler, bool WithBytes>
class posted_completion final : public outbound_completion {
 public:
  posted_completion(Handler handler, strand_type fallback)
      : handler_(std::move(handler)), fallback_(std::move(fallback)) {}

  void complete(boost::system::error_code error, std::size_t bytes) override {
    auto executor = boost::asio::get_associated_executor(handler_, fallback_);
    if constexpr (WithBytes) {
      boost::asio::post(executor,
                        boost::beast::bind_front_handler(std::move(handler_), error, bytes));
    } else {
      boost::asio::post(executor, boost::beast::bind_front_handler(std::move(handler_), error));
    }
  }

 private:
  Handler handler_;
  strand_type fallback_;
};

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
  detail::posted_completion<std::decay_t<Handler>, true>(std::forward<Handler>(handler),
                                                         get_executor())
      .complete({}, n);
}

template <class ConstBuffers, class Handler>
auto outbound_stream::async_write_some(const ConstBuffers& buffers, Handler&& handler) {
  return boost::asio::async_initiate<Handler, void(boost::system::error_code, std::size_t)>(
      [this, buffers](auto&& inner) {
        using inner_type = std::decay_t<decltype(inner)>;
        // Control frames and the handshake's answer: small, so a copy is the simple way.
        std::string bytes(boost::asio::buffers_begin(buffers), boost::asio::buffers_end(buffers));
        queue_->write(std::move(bytes),
                      std::make_unique<detail::posted_completion<inner_type, true>>(
                          std::forward<decltype(inner)>(inner), get_executor()));
      },
      handler);
}

template <class Handler>
void async_teardown(boost::beast::role_type, outbound_stream& stream, Handler&& handler) {
  using handler_type = std::decay_t<Handler>;
  stream.queue().teardown(std::make_unique<detail::posted_completion<handler_type, false>>(
      std::forward<Handler>(handler), stream.get_executor()));
}

}  // namespace spillway::net
