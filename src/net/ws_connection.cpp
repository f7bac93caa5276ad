#include "net/ws_connection.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/beast/core/error.hpp>
#include <boost/beast/websocket/rfc6455.hpp>

namespace spillway::net {
namespace {

namespace websocket = boost::beast::websocket;
using boost::system::error_code;

/// The most that a client may send in one message.
constexpr std::size_t max_message_bytes = 16 << 10;
/// Bounds what the kernel holds for a viewer, so that slowness shows early (the kernel doubles it).
constexpr int send_buffer_bytes = 128 << 10;

void prepare_socket(tcp_socket& socket) {
  error_code ignored;
  socket.set_option(boost::asio::ip::tcp::no_delay(true), ignored);
  socket.set_option(boost::asio::socket_base::send_buffer_size(send_buffer_bytes), ignored);
}

websocket::close_reason to_beast(const protocol::close_frame& frame) {
  auto text = frame.reason.text();
  return {static_cast<websocket::close_code>(frame.code), {text.data(), text.size()}};
}

}  // namespace

ws_connection::ws_connection(accepted_upgrade upgrade)
    : strand_(upgrade.socket.get_executor()),
      timing_(upgrade.timing),
      takes_deflated_(!upgrade.extensions.empty()),
      ws_(std::move(upgrade.socket), std::move(upgrade.early)),
      queue_(ws_.next_layer().queue()),
      keeper_(boost::asio::use_service<connection_keeper>(strand_.get_inner_executor().context())),
      deadline_(std::move(upgrade.wheel)),
      ticket_(std::move(upgrade.ticket)) {
  prepare_socket(queue_.socket().tcp());
  queue_.observe(this);
  ws_.read_message_max(max_message_bytes);
  ws_.set_option(websocket::stream_base::timeout{websocket::stream_base::none(),
                                                 websocket::stream_base::none(), false});
  if (takes_deflated_) {
    // Ours goes before what Beast finds: the stream, and so its input, lives in this connection.
    ws_.next_layer().inflate_input(max_message_bytes,
                                   [this](const protocol::close_frame& end) { close(end); });
  }
  ws_.control_callback(
      [this](websocket::frame_type, boost::beast::string_view) { last_heard_ = clock::now(); });
}

ws_connection::~ws_connection() {
  queue_.observe(nullptr);
  queue_.close(false);
}

void ws_connection::start(std::shared_ptr<actors::viewer_events> events) {
  events_ = std::move(events);
  if (state_ == state::gone) return finish_soon();
  keeper_.keep(shared_from_this());
  if (state_ != state::idle) return;
  state_ = state::open;
  state_since_ = last_heard_ = clock::now();
  next_ping_ = state_since_ + timing_.ping_interval;
  plan_deadline();
  read();
}

void ws_connection::read() {
  ws_.async_read_some(boost::asio::buffer(ignored_),
                      [weak = weak_from_this()](error_code error, std::size_t) {
                        auto self = weak.lock();
                        if (!self) return;
                        // Closing handshakes and failures alike end here, the teardown done.
                        if (error) return self->finish_soon();
                        self->last_heard_ = clock::now();
                        self->read();
                      });
}

ws_connection::write_result ws_connection::write(actors::batch_ptr frames) {
  if (state_ != state::open && state_ != state::idle) return write_result::gone;
  auto result = queue_.write(std::move(frames));
  if (result == write_result::pending) plan_deadline();
  return result;
}

void ws_connection::close(protocol::close_frame frame) {
  if (state_ != state::open && state_ != state::idle) return;
  enter_closing();
  keeper_.keep(shared_from_this());
  queue_.expect_answer();
  ws_.async_close(to_beast(frame), [weak = weak_from_this()](error_code) {
    if (auto self = weak.lock()) self->finish_soon();
  });
}

void ws_connection::abort() {
  cut(true);
}

void ws_connection::enter_closing() {
  if (state_ == state::closing || state_ == state::gone) return;
  state_ = state::closing;
  state_since_ = clock::now();
  plan_deadline();
}

void ws_connection::on_batch_out() {
  if (state_ != state::gone && !finishing_ && events_) events_->on_written();
}

void ws_connection::on_close_queued() {
  enter_closing();
}

void ws_connection::on_broken() {
  cut(false);
}

void ws_connection::on_deadline() {
  if (state_ == state::gone || !deadline_.expired(weak_from_this())) return;
  auto now = clock::now();
  if (state_ == state::open) check_open(now);
  if (state_ == state::closing) check_closing(now);
  if (state_ == state::handshaking) cut(false);
  plan_deadline();
}

void ws_connection::check_open(clock::time_point now) {
  ping_when_due(now);
  if (!silent_told_ && now >= last_heard_ + timing_.read_deadline) {
    silent_told_ = true;
    events_->on_silent();
  }
  auto stalled = queue_.stalled_since();
  if (state_ == state::open && !stalled_told_ && stalled &&
      now >= *stalled + timing_.stall_timeout) {
    stalled_told_ = true;
    events_->on_stalled();
  }
}

void ws_connection::ping_when_due(clock::time_point now) {
  if (now < next_ping_) return;
  next_ping_ = now + timing_.ping_interval;
  if (ping_pending_) return;
  ping_pending_ = true;
  ws_.async_ping({}, [weak = weak_from_this()](error_code) {
    // A failure shows in the read that is always under way.
    if (auto self = weak.lock()) self->ping_pending_ = false;
  });
}

/// A viewer that still takes what was sent before the close gets the time for it, up to a bound.
void ws_connection::check_closing(clock::time_point now) {
  auto progress = std::max(state_since_, queue_.last_progress());
  auto bound = state_since_ + std::max(timing_.stall_timeout, timing_.close_timeout);
  if (now >= progress + timing_.close_timeout || now >= bound) cut(true);
}

void ws_connection::plan_deadline() {
  auto next = clock::time_point::max();
  switch (state_) {
    case state::handshaking:
      next = state_since_ + timing_.close_timeout;
      break;
    case state::open:
      next = next_ping_;
      if (!silent_told_) next = std::min(next, last_heard_ + timing_.read_deadline);
      if (auto stalled = queue_.stalled_since(); stalled && !stalled_told_) {
        next = std::min(next, *stalled + timing_.stall_timeout);
      }
      break;
    case state::closing:
      next = std::max(state_since_, queue_.last_progress()) + timing_.close_timeout;
      break;
    case state::idle:
    case state::gone:
      return deadline_.clear();
  }
  deadline_.set(weak_from_this(), next);
}

void ws_connection::cut(bool drop) {
  if (state_ == state::gone || finishing_) return;
  queue_.close(drop);
  finish_soon();
}

/// Later, since Beast, the queue or the session may be in the middle of something.
void ws_connection::finish_soon() {
  if (std::exchange(finishing_, true)) return;
  boost::asio::post(strand_, [self = shared_from_this()] { self->finish(); });
}

void ws_connection::finish() {
  state_ = state::gone;
  finishing_ = false;
  deadline_.clear();
  queue_.close(false);
  ticket_.reset();
  auto kept = keeper_.release(this);
  // The session holds the connection and the connection the session: this is where that ends.
  if (auto events = std::exchange(events_, nullptr)) events->on_gone();
}

}  // namespace spillway::net
