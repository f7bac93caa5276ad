// One request to the engine and its answer, over a connection of its own. Internal to host/: it
// brings in Beast.
#pragma once

#include <array>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/beast/core/basic_stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "host/docker_answers.hpp"
#include "host/docker_timeouts.hpp"

namespace spillway::host {

/// Sends a GET and reads the answer in small buffers, only what is asked for. Context: a strand,
/// the executor given.
class docker_exchange {
 public:
  docker_exchange(const boost::asio::any_io_executor& strand, docker_timeouts timeouts);

  /// Connects to `unix:///path` or `tcp://host:port`, sends the request and waits for the header:
  /// the status. `host_url` and `target` stay valid meanwhile.
  boost::asio::awaitable<engine_result<unsigned>> open(const std::string& host_url,
                                                       const std::string& target);

  enum class progress : std::uint8_t {
    piece,
    needs_input,
    complete,
    /// The connection ended within the answer.
    cut_off,
    /// The bytes are not HTTP.
    malformed
  };
  struct body_piece {
    progress what;
    /// Valid until the next call.
    std::string_view bytes;
  };
  /// The next bytes of the body out of what has been received.
  body_piece next_piece();

  /// Waits for more bytes, or the end of the connection. False where that failed: cut off, closed,
  /// past the deadline.
  boost::asio::awaitable<bool> receive();
  /// Whether nothing but the end of the connection says where the body ends: then an engine that
  /// died looks like one that is done.
  bool ends_with_connection() const { return parser_.need_eof(); }
  /// Whether `receive` would return at once.
  bool can_receive();

  /// Until when `receive` may wait in all.
  void expires_after(std::chrono::milliseconds time) { stream_.expires_after(time); }
  void expires_never() { stream_.expires_never(); }
  /// Ends what is under way.
  void close() { stream_.close(); }

 private:
  using stream_type = boost::beast::basic_stream<boost::asio::generic::stream_protocol>;
  using endpoints = std::vector<stream_type::endpoint_type>;

  boost::asio::awaitable<endpoints> resolve(std::string_view host_url);
  boost::asio::awaitable<bool> connect(const std::string& host_url);
  void watch_for_silence();

  docker_timeouts timeouts_;
  stream_type stream_;
  boost::beast::flat_buffer input_;
  boost::beast::http::response_parser<boost::beast::http::buffer_body> parser_;
  std::array<char, 16 * 1024> piece_;
  bool end_of_input_ = false;
  /// Once the body can get no further.
  std::optional<progress> broken_;
};

}  // namespace spillway::host
