// A viewer's connection, as the viewer sees it.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/strand.hpp>
#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "sim/viewers/viewing_end.hpp"

namespace spillway::sim {

using viewer_strand = boost::asio::strand<boost::asio::io_context::executor_type>;

/// Where the server is.
struct server_place {
  boost::asio::ip::tcp::endpoint endpoint;
  /// For the field Host.
  std::string host;
};

/// When to read on after a frame.
struct reading_pace {
  enum class next : std::uint8_t { now, after, when_told };
  next when = next::now;
  std::chrono::nanoseconds delay{};
};

/// What a link reports. Context: the link's strand; `on_end` is the last call.
class link_events {
 public:
  virtual ~link_events() = default;
  virtual void on_open(std::chrono::nanoseconds took) = 0;
  /// `wire_bytes`: what was read of the connection for it, which is less where it was compressed.
  virtual reading_pace on_frame(std::string_view payload, std::size_t wire_bytes) = 0;
  /// The server sent what is no frame; the end of the connection follows.
  virtual void on_nonsense(std::string_view why) = 0;
  virtual void on_end(const viewing_end& end) = 0;
};

struct link_options {
  std::string path;
  /// Bearer token; empty for none.
  std::string token;
  /// SO_RCVBUF; 0 leaves the kernel's choice.
  int receive_buffer_bytes = 0;
  bool offers_compression = false;
  /// How much is read at a time.
  std::size_t read_bytes = 64 << 10;
  std::chrono::seconds answer_timeout{30};
};

/// One WebSocket connection over TCP. Context: its strand.
class viewer_link {
 public:
  virtual ~viewer_link() = default;

  /// Connects, and calls back from then on.
  virtual void open(std::unique_ptr<link_events> events) = 0;
  /// Reads on, after `when_told`.
  virtual void read_on() = 0;
  /// A closing handshake, 1000.
  virtual void close() = 0;
  /// A reset, at once; `hang_up` an end without a closing handshake. Both end with `left`.
  virtual void reset() = 0;
  virtual void hang_up() = 0;
  /// Asks the kernel whether the server has cut the connection, for who does not read.
  virtual bool was_cut() = 0;
  /// Asks it whether something has come that was not read yet.
  virtual bool has_unread() = 0;
};

std::shared_ptr<viewer_link> make_link(const viewer_strand& strand, const server_place& server,
                                       link_options options);

}  // namespace spillway::sim
