// Where clients of the simulated Engine connect.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "sim/host/api_connection.hpp"

namespace spillway::sim {

/// Listens on a Unix socket, which it makes and removes. Context: any thread; the rest on a strand
/// of its own.
class api_server : public std::enable_shared_from_this<api_server> {
 public:
  api_server(boost::asio::io_context& io, std::filesystem::path path, api_context context);

  /// What stands in the way, as a sentence; nothing once it listens. A socket that nobody listens
  /// on any more is replaced.
  std::optional<std::string> open();
  /// The socket is away for so long, and connections are closed where asked for.
  void vanish(std::chrono::nanoseconds time, bool close_connections);
  /// For good.
  void close();

 private:
  std::optional<std::string> listen();
  void stop_listening();
  void accept();

  boost::asio::io_context& io_;
  boost::asio::strand<boost::asio::io_context::executor_type> strand_;
  std::filesystem::path path_;
  api_context context_;
  boost::asio::local::stream_protocol::acceptor acceptor_;
  boost::asio::steady_timer back_;
  boost::asio::steady_timer retry_;
  bool closed_ = false;
};

}  // namespace spillway::sim
