// Templates of outbound_stream: from Beast's handlers to the queue's plain ones.
#pragma once

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
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

}  // namespace detail

template <class MutableBuffers, class Handler>
auto outbound_stream::async_read_some(const MutableBuffers& buffers, Handler&& handler) {
  return boost::asio::async_initiate<Handler, void(boost::system::error_code, std::size_t)>(
      [this, buffers](auto&& inner) {
        using inner_type = std::decay_t<decltype(inner)>;
        if (early_.empty()) {
          queue_->socket().async_read_some(buffers, std::forward<decltype(inner)>(inner));
          return;
        }
        auto n = boost::asio::buffer_copy(buffers, boost::asio::buffer(early_));
        early_.erase(0, n);
        detail::posted_completion<inner_type, true>(std::forward<decltype(inner)>(inner),
                                                    get_executor())
            .complete({}, n);
      },
      handler);
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
