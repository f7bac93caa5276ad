#include "sim/host/log_sender.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <utility>

#include "sim/host/log_wire.hpp"

namespace spillway::sim {

namespace {

namespace asio = boost::asio;
using clock_type = std::chrono::steady_clock;

constexpr auto no_throw = asio::as_tuple(asio::use_awaitable);

}  // namespace

log_sender::log_sender(socket_type& socket, strand_type strand, wanted_log log)
    : socket_(socket), strand_(std::move(strand)), log_(std::move(log)), wake_(strand_) {}

log_sender::~log_sender() {
  caf::anon_send(log_.from.actor, close_log{log_.reader});
}

void log_sender::cut(cut_kind how) {
  asio::post(strand_, [self = shared_from_this(), how] {
    self->cut_ = how;
    self->wake_.cancel();
  });
}

void log_sender::stall(std::chrono::nanoseconds time) {
  asio::post(strand_, [self = shared_from_this(), time] {
    self->stalled_until_ = clock_type::now() + time;
    self->wake_.cancel();
  });
}

void log_sender::client_left() {
  client_gone_ = true;
  wake_.cancel();
}

asio::awaitable<void> log_sender::next_batch() {
  batch_.reset();
  log_batch none;
  none.last = true;
  caf::anon_send(log_.from.actor,
                 read_log{log_.reader, container_log::answer(
                                           [self = shared_from_this()](log_batch batch) {
                                             asio::post(self->strand_,
                                                        [self, batch = std::move(batch)]() mutable {
                                                          self->batch_ = std::move(batch);
                                                          self->wake_.cancel();
                                                        });
                                           },
                                           none)});
  while (!client_gone_ && !cut_) {
    const bool stalled = clock_type::now() < stalled_until_;
    if (batch_ && !stalled) break;
    wake_.expires_at(stalled ? stalled_until_ : clock_type::time_point::max());
    co_await wake_.async_wait(no_throw);
  }
}

asio::awaitable<bool> log_sender::write(std::string bytes) {
  const auto [error, written] = co_await asio::async_write(socket_, asio::buffer(bytes), no_throw);
  co_return !error;
}

/// A cut stream sends a part of what it had.
asio::awaitable<void> log_sender::end_badly() {
  std::string rest = batch_ ? std::move(batch_->chunks) : std::string();
  if (*cut_ == cut_kind::anywhere) {
    // Three bytes short: within the last entry's chunk.
    rest.resize(rest.size() - std::min<std::size_t>(rest.size(), 3));
  } else {
    const bool proper = *cut_ == cut_kind::in_header_with_proper_end;
    append_chunk(rest, std::string_view("\x01\0\0", 3));
    if (proper) {
      rest.append(last_chunk);
    } else {
      rest.resize(rest.size() - 2);
    }
  }
  co_await write(std::move(rest));
}

asio::awaitable<bool> log_sender::run() {
  bool proper = false;
  for (;;) {
    co_await next_batch();
    if (client_gone_) break;
    if (cut_) {
      co_await end_badly();
      break;
    }
    std::string bytes = std::move(batch_->chunks);
    if (batch_->last) bytes.append(last_chunk);
    const bool written = co_await write(std::move(bytes));
    if (!written) break;
    if (batch_->last) {
      proper = true;
      break;
    }
  }
  boost::system::error_code ignored;
  socket_.cancel(ignored);
  co_return proper;
}

}  // namespace spillway::sim
