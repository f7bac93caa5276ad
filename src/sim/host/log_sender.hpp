// A container's log on its way to a client.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "sim/host/engine_api.hpp"
#include "sim/host/misbehaviour.hpp"

namespace spillway::sim {

/// Asks the container for one batch after another and writes them, until the log has ended, the
/// client has gone, or a fault cuts the stream. Context: the connection's strand; `cut` and `stall`
/// any thread.
class log_sender : public live_stream, public std::enable_shared_from_this<log_sender> {
 public:
  using socket_type = boost::asio::local::stream_protocol::socket;
  using strand_type = boost::asio::strand<boost::asio::io_context::executor_type>;

  /// The socket outlives run().
  log_sender(socket_type& socket, strand_type strand, wanted_log log);
  ~log_sender() override;

  /// The body, its head being written. False where the connection cannot be used any more.
  boost::asio::awaitable<bool> run();

  /// On the strand.
  void client_left();
  void cut(cut_kind how) override;
  void stall(std::chrono::nanoseconds time) override;

 private:
  boost::asio::awaitable<void> next_batch();
  boost::asio::awaitable<bool> write(std::string bytes);
  boost::asio::awaitable<void> end_badly();

  socket_type& socket_;
  strand_type strand_;
  wanted_log log_;
  boost::asio::steady_timer wake_;
  std::optional<log_batch> batch_;
  std::optional<cut_kind> cut_;
  std::chrono::steady_clock::time_point stalled_until_{};
  bool client_gone_ = false;
};

}  // namespace spillway::sim
