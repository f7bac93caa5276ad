#include "net/ws_connection.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/post.hpp>

#include "net/ws_beast_side.hpp"
#include "protocol/ws_frame.hpp"

namespace spillway::net {
namespace {

using boost::system::error_code;

/// Bounds what the kernel holds for a viewer, so that slowness shows early (the kernel doubles it).
constexpr int send_buffer_bytes = 128 << 10;
/// A viewer that takes nothing is cut at most one look late.
constexpr int looks_in_a_stall = 4;
/// How many stall timeouts a viewer has at most to take what was sent before its close: of 256 KiB
/// and a minute each, a line of about 1 KB/s.
constexpr int closing_stalls = 4;

void prepare_socket(tcp_socket& socket) {
  error_code ignored;
  socket.set_option(boost::asio::ip::tcp::no_delay(true), ignored);
  socket.set_option(boost::asio::socket_base::send_buffer_size(send_buffer_bytes), ignored);
}

}  // namespace

ws_connection::ws_connection(accepted_upgrade upgrade)
    : strand_(upgrade.socket.get_executor()),
      timing_(upgrade.timing),
      takes_deflated_(!upgrade.extensions.empty()),
      queue_(std::make_shared<outbound_queue>(std::move(upgrade.socket))),
      early_(std::move(upgrade.early)),
      keeper_(boost::asio::use_service<connection_keeper>(strand_.get_inner_executor().context())),
      deadline_(std::move(upgrade.wheel)),
      ticket_(std::move(upgrade.ticket)) {
  prepare_socket(queue_->socket().tcp());
  queue_->observe(this);
}

ws_connection::~ws_connection() {
  queue_->observe(nullptr);
  queue_->close(false);
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
  listen();
}

/// Without Beast, as long as the client sends nothing that is Beast's affair.
void ws_connection::listen() {
  if (!early_.empty()) return wake_beast(std::exchange(early_, {}));
  queue_->socket().async_wait_readable([weak = weak_from_this()](error_code error) {
    auto self = weak.lock();
    if (!self || self->beast_ || self->state_ == state::gone) return;
    if (error) return self->finish_soon();
    self->hear();
  });
}

void ws_connection::hear() {
  std::array<char, 512> bytes;
  error_code error;
  auto n = queue_->socket().read_some(boost::asio::buffer(bytes), error);
  if (error == boost::asio::error::would_block) return listen();
  if (error) return finish_soon();
  last_heard_ = clock::now();
  auto rest = protocol::skip_pongs({bytes.data(), n});
  if (rest.empty()) return listen();
  wake_beast(std::string(rest));
}

ws_connection::write_result ws_connection::write(actors::batch_ptr frames) {
  if (state_ != state::open && state_ != state::idle) return write_result::gone;
  auto result = queue_->write(std::move(frames));
  if (result == write_result::pending) plan_deadline();
  return result;
}

void ws_connection::close(protocol::close_frame frame) {
  if (state_ != state::open && state_ != state::idle) return;
  enter_closing();
  keeper_.keep(shared_from_this());
  close_wanted_ = frame;
  if (!beast_) return wake_beast(std::exchange(early_, {}));
  if (beast_->awake) send_close();
}

void ws_connection::abort() {
  cut(true);
}

void ws_connection::enter_closing() {
  if (state_ == state::closing || state_ == state::gone) return;
  state_ = state::closing;
  state_since_ = clock::now();
  queue_->look_for_progress();
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
  queue_->look_for_progress();
  auto stalled = queue_->stalled_since();
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
  if (beast_ && !beast_->awake) return;
  ping_pending_ = true;
  // A failure shows in the read or the wait that is always under way.
  auto done = [weak = weak_from_this()](error_code) {
    if (auto self = weak.lock()) self->ping_pending_ = false;
  };
  if (beast_) return beast_->ws.async_ping({}, std::move(done));
  queue_->write(std::string(protocol::empty_ping), make_completion<false>(done, strand_));
}

/// Of a connection that closes.
ws_connection::clock::time_point ws_connection::last_moment() const {
  return state_since_ + std::max(closing_stalls * timing_.stall_timeout, timing_.close_timeout);
}

/// A viewer that still takes what was sent before the close gets the time for it, up to a bound.
void ws_connection::check_closing(clock::time_point now) {
  queue_->look_for_progress();
  auto progress = std::max(state_since_, queue_->last_progress());
  if (now >= progress + timing_.close_timeout || now >= last_moment()) cut(true);
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
      if (auto stalled = queue_->stalled_since(); stalled && !stalled_told_) {
        const auto next_look = clock::now() + timing_.stall_timeout / looks_in_a_stall;
        next = std::min({next, *stalled + timing_.stall_timeout, next_look});
      }
      break;
    case state::closing:
      next = std::max(state_since_, queue_->last_progress()) + timing_.close_timeout;
      next = std::min(next, last_moment());
      break;
    case state::idle:
    case state::gone:
      return deadline_.clear();
  }
  deadline_.set(weak_from_this(), next);
}

void ws_connection::cut(bool drop) {
  if (state_ == state::gone || finishing_) return;
  queue_->close(drop);
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
  queue_->close(false);
  ticket_.reset();
  auto kept = keeper_.release(this);
  // The session holds the connection and the connection the session: this is where that ends.
  if (auto events = std::exchange(events_, nullptr)) events->on_gone();
}

}  // namespace spillway::net
