// A client of the simulated Engine.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/strand.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <memory>
#include <string>

#include "sim/host/engine_api.hpp"
#include "sim/host/event_hub.hpp"
#include "sim/host/misbehaviour.hpp"

namespace spillway::sim {

/// What connections share; it outlives them.
struct api_context {
  engine_api* api = nullptr;
  misbehaviour* trouble = nullptr;
  event_hub* events = nullptr;
};

/// Reads requests one after another and answers each, as the Engine writes it. Context: a strand of
/// its own.
class api_connection : public std::enable_shared_from_this<api_connection> {
 public:
  using socket_type = boost::asio::local::stream_protocol::socket;

  api_connection(boost::asio::io_context& io, socket_type socket, api_context context);

  void start();

 private:
  boost::asio::awaitable<void> run();
  /// False at the end of the connection.
  boost::asio::awaitable<bool> serve_one();
  boost::asio::awaitable<bool> answer(api_request request, bool keep_alive);
  boost::asio::awaitable<bool> write_answer(const api_answer& answer, bool head_only,
                                            bool keep_alive);
  boost::asio::awaitable<bool> send_log(wanted_log log, bool keep_alive);
  boost::asio::awaitable<bool> send_events();
  boost::asio::awaitable<bool> write(std::string bytes);

  boost::asio::strand<boost::asio::io_context::executor_type> strand_;
  socket_type socket_;
  api_context context_;
  boost::beast::flat_buffer input_;
};

}  // namespace spillway::sim
