// Who waits for an operation on a socket, whatever kind of handler it is.
#pragma once

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/core/bind_handler.hpp>
#include <boost/system/error_code.hpp>
#include <memory>
#include <utility>

#include "net/socket.hpp"

namespace spillway::net {

/// Whoever waits for bytes to be in or out; called later on its own executor, never at once.
class io_completion {
 public:
  virtual ~io_completion() = default;
  virtual void complete(boost::system::error_code error, std::size_t bytes) = 0;
};

/// A handler of Asio or Beast behind that interface. Posted, never called at once: whoever
/// completes it can be inside of Beast's own call.
template <class Handler, bool WithBytes>
class posted_completion final : public io_completion {
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

/// `WithBytes` where the handler takes a count beside the error.
template <bool WithBytes, class Handler>
std::unique_ptr<io_completion> make_completion(Handler&& handler, strand_type fallback) {
  return std::make_unique<posted_completion<std::decay_t<Handler>, WithBytes>>(
      std::forward<Handler>(handler), std::move(fallback));
}

}  // namespace spillway::net
