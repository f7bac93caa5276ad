// A connection without a network: a client's end for the target, a socket for the server.
#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <string>
#include <string_view>

#include "net/socket.hpp"

namespace spillway::fuzz {

/// A pair of local sockets, of which the server takes one for TCP: it reads, waits and closes as
/// always. Context: one thread.
class client_end {
 public:
  client_end();
  ~client_end();
  client_end(const client_end&) = delete;
  client_end& operator=(const client_end&) = delete;

  /// To be called once.
  net::tcp_socket server_end(boost::asio::io_context& io);

  /// As much as fits; nothing once the server has closed.
  void send(std::string_view bytes);
  void finish_sending();
  /// What has come by now.
  std::string receive();
  /// The server has closed.
  bool ended() const { return ended_; }

 private:
  int fd_ = -1;
  int server_fd_ = -1;
  bool ended_ = false;
};

/// An io_context that is run by hand. Time does not pass: whatever waits for a timer waits.
class stepped_io {
 public:
  /// Runs all that can run now. A finding where that does not come to an end.
  void settle();

  boost::asio::io_context context;

 private:
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> guard_{
      context.get_executor()};
};

}  // namespace spillway::fuzz
