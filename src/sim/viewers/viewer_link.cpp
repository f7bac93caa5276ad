#include "sim/viewers/viewer_link.hpp"

#include <netinet/tcp.h>
#include <sys/socket.h>

#include <array>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <optional>
#include <utility>

#include "sim/viewers/message_reader.hpp"

namespace spillway::sim {

namespace {

namespace http = boost::beast::http;
using boost::system::error_code;
using steady_clock = std::chrono::steady_clock;
using how = viewing_end::how;

/// The example of RFC 6455 section 1.3: the simulation has no secrets.
constexpr std::string_view handshake_key = "dGhlIHNhbXBsZSBub25jZQ==";
constexpr std::string_view handshake_answer = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";
constexpr std::size_t most_read_bytes = 64 << 10;
/// Reads in a row, so that others on the thread have their turn.
constexpr int reads_a_turn = 4;

http::request<http::empty_body> upgrade_of(const server_place& server,
                                           const link_options& options) {
  http::request<http::empty_body> made{http::verb::get, options.path, 11};
  made.set(http::field::host, server.host);
  made.set(http::field::upgrade, "websocket");
  made.set(http::field::connection, "Upgrade");
  made.set(http::field::sec_websocket_version, "13");
  made.set(http::field::sec_websocket_key, handshake_key);
  if (!options.token.empty()) made.set(http::field::authorization, "Bearer " + options.token);
  if (options.offers_compression) {
    made.set(http::field::sec_websocket_extensions, "permessage-deflate; client_max_window_bits");
  }
  return made;
}

message_reader::compression agreed_upon(std::string_view extensions) {
  if (extensions.find("permessage-deflate") == extensions.npos) {
    return message_reader::compression::none;
  }
  return extensions.find("server_no_context_takeover") == extensions.npos
             ? message_reader::compression::one_context
             : message_reader::compression::context_a_message;
}

///   connecting --upgraded--> open --close--> closing
///   any --on_end--> over
///
/// Waits for input without a buffer and reads into one that all links of a thread share, as many
/// frames at a time as there are.
class tcp_link : public viewer_link, public std::enable_shared_from_this<tcp_link> {
 public:
  tcp_link(const viewer_strand& strand, const server_place& server, link_options options)
      : server_(server), options_(std::move(options)), tcp_(strand), timer_(strand) {}

  void open(std::unique_ptr<link_events> events) override;
  void read_on() override {
    // Its owner lets go of it when the end of the connection is among what it takes.
    const auto self = shared_from_this();
    held_ = false;
    take_pending();
  }
  void close() override;
  void reset() override { end_by(true); }
  void hang_up() override { end_by(false); }
  bool was_cut() override;
  bool has_unread() override;

 private:
  enum class state : std::uint8_t { connecting, open, closing, over };
  struct upgrade {
    http::request<http::empty_body> request;
    http::response_parser<http::string_body> answer;
    boost::beast::flat_buffer buffer;
  };

  void send_upgrade();
  void on_answer(error_code error);
  void wait();
  void read();
  void take_pending();
  std::size_t take(std::string_view bytes);
  bool take_message(const server_message& message);
  bool pace(const reading_pace& wanted);
  void on_close_frame(const server_message& message);
  void send_now(const std::string& frame);
  void set_deadline();
  void finish(viewing_end end);
  void end_by(bool reset_it);
  std::optional<tcp_info> kernel_view();

  const server_place& server_;
  const link_options options_;
  std::unique_ptr<link_events> events_;
  boost::asio::basic_stream_socket<boost::asio::ip::tcp, viewer_strand> tcp_;
  boost::asio::basic_waitable_timer<steady_clock, boost::asio::wait_traits<steady_clock>,
                                    viewer_strand>
      timer_;
  std::unique_ptr<upgrade> upgrade_;
  std::optional<message_reader> reader_;
  /// Read, and not taken yet: the beginning of a frame, or all while it does not read on.
  std::string pending_;
  /// Used up since the last message.
  std::size_t wire_bytes_ = 0;
  steady_clock::time_point begun_;
  state state_ = state::connecting;
  bool waiting_ = false;
  /// Told to wait before the next frame.
  bool held_ = false;
};

void tcp_link::open(std::unique_ptr<link_events> events) {
  events_ = std::move(events);
  begun_ = steady_clock::now();
  error_code error;
  tcp_.open(server_.endpoint.protocol(), error);
  if (error) {
    return boost::asio::post(tcp_.get_executor(), [self = shared_from_this(), error] {
      self->finish({how::unreachable, 0, error.message()});
    });
  }
  tcp_.set_option(boost::asio::ip::tcp::no_delay(true), error);
  // Before the connection stands: the window is agreed upon then.
  if (options_.receive_buffer_bytes > 0) {
    tcp_.set_option(boost::asio::socket_base::receive_buffer_size(options_.receive_buffer_bytes),
                    error);
  }
  set_deadline();
  tcp_.async_connect(server_.endpoint, [self = shared_from_this()](error_code failed) {
    if (self->state_ == state::over) return;
    if (failed) return self->finish({how::unreachable, 0, failed.message()});
    self->send_upgrade();
  });
}

/// Of the handshake, and of the closing one.
void tcp_link::set_deadline() {
  timer_.expires_after(options_.answer_timeout);
  timer_.async_wait([self = shared_from_this()](error_code cancelled) {
    if (cancelled) return;
    if (self->state_ == state::connecting) self->finish({how::unanswered, 0, "no answer in time"});
    if (self->state_ == state::closing) {
      self->finish({how::cut, 0, "no answer to its close frame in time"});
    }
  });
}

void tcp_link::send_upgrade() {
  upgrade_ = std::make_unique<upgrade>();
  upgrade_->request = upgrade_of(server_, options_);
  http::async_write(tcp_, upgrade_->request,
                    [self = shared_from_this()](error_code error, std::size_t) {
                      if (self->state_ == state::over) return;
                      if (error) return self->finish({how::unreachable, 0, error.message()});
                      http::async_read_header(
                          self->tcp_, self->upgrade_->buffer, self->upgrade_->answer,
                          [self](error_code failed, std::size_t) { self->on_answer(failed); });
                    });
}

void tcp_link::on_answer(error_code error) {
  const auto made = std::move(upgrade_);
  if (state_ == state::over) return;
  if (error) return finish({how::unreachable, 0, error.message()});
  const auto& answer = made->answer.get();
  if (answer.result_int() != 101) return finish({how::refused, answer.result_int(), {}});
  if (answer[http::field::sec_websocket_accept] != handshake_answer) {
    events_->on_nonsense("the upgrade was answered to another key");
    return finish({how::left, 0, "since the upgrade was wrong"});
  }
  reader_.emplace(agreed_upon(std::string(answer[http::field::sec_websocket_extensions])));
  error_code ignored;
  tcp_.non_blocking(true, ignored);
  timer_.cancel();
  state_ = state::open;
  const auto rest = made->buffer.cdata();
  pending_.assign(static_cast<const char*>(rest.data()), rest.size());
  events_->on_open(steady_clock::now() - begun_);
  take_pending();
}

// --- reading ------------------------------------------------------------------------------------

void tcp_link::wait() {
  if (waiting_ || held_ || state_ == state::over) return;
  waiting_ = true;
  tcp_.async_wait(boost::asio::socket_base::wait_read, [self = shared_from_this()](error_code) {
    self->waiting_ = false;
    self->read();
  });
}

void tcp_link::read() {
  thread_local std::array<char, most_read_bytes> buffer;
  const auto size = std::min(options_.read_bytes, buffer.size());
  for (int i = 0; i < reads_a_turn && !held_ && state_ != state::over; ++i) {
    error_code error;
    const auto count = tcp_.read_some(boost::asio::buffer(buffer.data(), size), error);
    if (error == boost::asio::error::would_block) break;
    if (error) {
      const std::string leaving = state_ == state::closing ? "while it left: " : "";
      return finish({how::cut, 0, leaving + error.message()});
    }
    const std::string_view bytes(buffer.data(), count);
    if (pending_.empty()) {
      pending_.assign(bytes.substr(take(bytes)));
    } else {
      pending_.append(bytes);
      pending_.erase(0, take(pending_));
    }
  }
  wait();
}

/// What came with the answer, or was left when it was told to wait.
void tcp_link::take_pending() {
  if (state_ == state::over) return;
  pending_.erase(0, take(pending_));
  wait();
}

/// Returns how many bytes were used up.
std::size_t tcp_link::take(std::string_view bytes) {
  const auto all = bytes.size();
  while (!held_ && state_ != state::over) {
    const auto before = bytes.size();
    const auto message = reader_->next(bytes);
    wire_bytes_ += before - bytes.size();
    if (!message || !take_message(*message)) break;
  }
  return all - bytes.size();
}

/// Whether to go on.
bool tcp_link::take_message(const server_message& message) {
  switch (message.what) {
    case server_message::kind::text:
      if (state_ == state::closing) return true;
      return pace(events_->on_frame(message.payload, std::exchange(wire_bytes_, 0)));
    case server_message::kind::ping:
      send_now(client_frame(0x8a, message.payload));
      return true;
    case server_message::kind::pong:
      return true;
    case server_message::kind::close:
      on_close_frame(message);
      return false;
    case server_message::kind::wrong:
      break;
  }
  events_->on_nonsense(message.payload);
  finish({how::left, 0, "since what came is no frame"});
  return false;
}

bool tcp_link::pace(const reading_pace& wanted) {
  // The viewer may have left meanwhile.
  if (state_ != state::open) return state_ == state::closing;
  if (wanted.when == reading_pace::next::now) return true;
  held_ = true;
  if (wanted.when == reading_pace::next::when_told) return false;
  timer_.expires_after(std::chrono::duration_cast<steady_clock::duration>(wanted.delay));
  timer_.async_wait([self = shared_from_this()](error_code cancelled) {
    if (!cancelled && self->state_ == state::open) self->read_on();
  });
  return false;
}

/// An answer to ours, or the server's own, to which the answer goes out before the end of TCP.
void tcp_link::on_close_frame(const server_message& message) {
  constexpr unsigned normal_code = 1000;
  const std::string reason(message.payload);
  // The frame is the last of what came.
  const auto seen = kernel_view();
  const std::chrono::milliseconds seen_late(seen ? seen->tcpi_last_data_recv : 0);
  // What says that we broke the protocol is none: that close frame was good.
  const bool blames = message.code == 1002 || message.code == 1007 || message.code == 1009;
  if (state_ == state::closing && !blames && (message.code == normal_code || !reason.empty())) {
    return finish({how::left, 0, "with a close frame"});
  }
  const char code[] = {static_cast<char>(message.code >> 8U),
                       static_cast<char>(message.code & 0xffU)};
  send_now(client_frame(0x88, {code, sizeof code}));
  finish({how::closed, message.code, reason, seen_late});
}

/// Small frames: where the socket has no room even for those, the server reads nothing.
void tcp_link::send_now(const std::string& frame) {
  error_code ignored;
  tcp_.write_some(boost::asio::buffer(frame), ignored);
}

// --- the end ------------------------------------------------------------------------------------

void tcp_link::close() {
  if (state_ == state::closing || state_ == state::over) return;
  if (state_ == state::connecting) return reset();
  state_ = state::closing;
  held_ = false;
  send_now(client_frame(0x88, "\x03\xe8"));
  set_deadline();
  wait();
}

void tcp_link::end_by(bool reset_it) {
  error_code ignored;
  if (reset_it && tcp_.is_open()) {
    tcp_.set_option(boost::asio::socket_base::linger(true, 0), ignored);
  }
  finish({how::left, 0, reset_it ? "by a reset" : "without a close frame"});
}

std::optional<tcp_info> tcp_link::kernel_view() {
  tcp_info info{};
  socklen_t size = sizeof info;
  if (!tcp_.is_open()) return std::nullopt;
  const int failed = ::getsockopt(tcp_.native_handle(), IPPROTO_TCP, TCP_INFO, &info, &size);
  return failed == 0 ? std::optional(info) : std::nullopt;
}

bool tcp_link::was_cut() {
  const auto seen = kernel_view();
  return !seen || seen->tcpi_state != TCP_ESTABLISHED;
}

bool tcp_link::has_unread() {
  error_code failed;
  return tcp_.is_open() && tcp_.available(failed) > 0;
}

/// The events go with the call: they hold the viewer, and the viewer this.
void tcp_link::finish(viewing_end end) {
  if (state_ == state::over) return;
  state_ = state::over;
  const auto self = shared_from_this();
  const auto events = std::exchange(events_, nullptr);
  timer_.cancel();
  error_code ignored;
  tcp_.close(ignored);
  events->on_end(end);
}

}  // namespace

std::shared_ptr<viewer_link> make_link(const viewer_strand& strand, const server_place& server,
                                       link_options options) {
  return std::make_shared<tcp_link>(strand, server, std::move(options));
}

}  // namespace spillway::sim
