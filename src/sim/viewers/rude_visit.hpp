// A connection that a rude viewer makes, without a WebSocket library that would be polite for it.
#pragma once

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "sim/viewers/message_reader.hpp"
#include "sim/viewers/rude_deed.hpp"
#include "sim/viewers/viewer_link.hpp"

namespace spillway::sim {

/// Does a deed once and reports what came of it. Context: its strand.
class rude_visit : public std::enable_shared_from_this<rude_visit> {
 public:
  /// How long the server has to end what it must end: past limits.header_timeout.
  static constexpr std::chrono::seconds patience{40};
  using handler = std::function<void(const rude_outcome&)>;

  rude_visit(const viewer_strand& strand, const rude_deed& deed, draws& random);

  /// `random` must outlive the visit; so must `server`.
  void begin(const server_place& server, const rude_request& request, handler done);
  /// Ends it; `done` is not called.
  void abandon();

 private:
  using clock = std::chrono::steady_clock;

  void send(std::string bytes);
  void read();
  void on_read(boost::system::error_code error, std::size_t count);
  void take(std::string_view bytes);
  void take_head();
  void take_frames();
  void linger_then_reset();
  void finish();

  const rude_deed& deed_;
  draws& random_;
  boost::asio::basic_stream_socket<boost::asio::ip::tcp, viewer_strand> socket_;
  boost::asio::basic_waitable_timer<clock, boost::asio::wait_traits<clock>, viewer_strand> timer_;
  handler done_;
  rude_outcome outcome_;
  /// The answer, then frames, as far as they are not whole.
  std::string pending_;
  message_reader reader_;
  std::array<char, 4096> in_{};
};

}  // namespace spillway::sim
