// What is on its way to standard output and standard error, in its order.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <deque>
#include <functional>
#include <string>

#include "client/descriptor_wait.hpp"
#include "client/latch.hpp"

namespace spillway::client {

/// Bounded: whoever adds more than `max_bytes` waits until the terminal or the pipe has taken
/// some, and reads nothing from the server meanwhile. Context: the io_context's thread.
class output_queue {
 public:
  static constexpr std::size_t max_bytes = 64 << 10;

  enum class end { standard_output, standard_error };

  /// `before_write` runs before bytes are written.
  output_queue(const boost::asio::any_io_executor& executor, int out, int err,
               std::function<void()> before_write);

  /// Returns once it is taken into the queue.
  boost::asio::awaitable<void> write(end to, std::string text);
  /// Returns once all is written.
  boost::asio::awaitable<void> drained();
  bool empty() const { return texts_.empty(); }

  /// Nothing is written until release().
  void hold() { held_ = true; }
  void release();
  bool held() const { return held_; }

  /// Writes what is added; ends with the errno where standard output takes no more: EPIPE where
  /// its reader has gone. To be spawned once.
  boost::asio::awaitable<int> run();

 private:
  struct queued_text {
    end to;
    std::string text;
  };
  /// 0, or the errno of a write that failed.
  boost::asio::awaitable<int> write_all(end to, std::string text);

  const int out_;
  const int err_;
  const std::function<void()> before_write_;
  descriptor_wait out_ready_;
  descriptor_wait err_ready_;
  /// Wakes the writer, and those who wait for it.
  latch added_;
  latch taken_;
  std::deque<queued_text> texts_;
  std::size_t bytes_ = 0;
  bool held_ = false;
};

}  // namespace spillway::client
