// A timer that sends an actor a message, and that can be set anew or taken back.
#pragma once

#include <boost/asio/bind_executor.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <caf/send.hpp>
#include <chrono>
#include <memory>
#include <utility>

namespace spillway::sim {

/// Context: one actor. What it sends may cross with a call of set() or cancel(): the message says
/// which setting it belongs to.
class alarm {
 public:
  explicit alarm(boost::asio::io_context& io)
      : timer_(std::make_shared<boost::asio::steady_timer>(boost::asio::make_strand(io))) {}
  alarm(const alarm&) = delete;
  alarm& operator=(const alarm&) = delete;
  ~alarm() { cancel(); }

  /// Sends `message` at a time, and nothing that was to be sent before.
  template <class Handle, class Message>
  void set(std::chrono::steady_clock::time_point at, Handle to, Message message) {
    boost::asio::post(timer_->get_executor(), [timer = timer_, at, to = std::move(to),
                                               message = std::move(message)]() mutable {
      timer->expires_at(at);
      timer->async_wait([timer, to = std::move(to),
                         message = std::move(message)](boost::system::error_code error) mutable {
        if (!error) caf::anon_send(to, std::move(message));
      });
    });
  }
  void cancel() {
    boost::asio::post(timer_->get_executor(), [timer = timer_] { timer->cancel(); });
  }

 private:
  std::shared_ptr<boost::asio::steady_timer> timer_;
};

}  // namespace spillway::sim
