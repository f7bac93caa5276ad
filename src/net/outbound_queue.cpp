#include "net/outbound_queue.hpp"

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <span>

#include "protocol/close.hpp"

namespace spillway::net {
namespace {

using boost::system::error_code;

/// IOV_MAX is 1024; a batch rarely has more slices than this.
constexpr std::size_t max_iovecs = 64;
constexpr char close_frame_start = '\x88';

std::size_t fill(std::array<iovec, max_iovecs>& iovecs, const actors::batch& frames,
                 std::size_t slice, std::size_t offset) {
  std::size_t used = 0;
  for (; used < iovecs.size() && slice < frames.slices.size(); ++slice, offset = 0) {
    auto bytes = frames.slices[slice].bytes.substr(offset);
    iovecs[used++] = {const_cast<char*>(bytes.data()), bytes.size()};
  }
  return used;
}

/// Beast sends a bare code when the client broke the protocol; viewers are promised a reason.
void add_close_reason(std::string& frame) {
  if (frame.size() != 4 || frame[1] != 2) return;
  auto byte = [&](std::size_t i) {
    return static_cast<std::uint16_t>(static_cast<std::uint8_t>(frame[i]));
  };
  auto code = static_cast<std::uint16_t>(byte(2) << 8 | byte(3));
  auto reason = protocol::protocol_failure_reason(code);
  frame[1] = static_cast<char>(2 + reason.size());
  frame += reason;
}

actors::batch_ptr as_batch(std::string bytes) {
  auto owner = std::make_shared<const std::string>(std::move(bytes));
  auto frames = std::make_shared<actors::batch>();
  frames->bytes = owner->size();
  frames->slices.push_back({owner, *owner});
  return frames;
}

}  // namespace

outbound_queue::outbound_queue(client_socket socket) : socket_(std::move(socket)) {}

outbound_queue::write_result outbound_queue::write(actors::batch_ptr frames) {
  if (failed_ || close_queued_ || batch_pending_) return write_result::gone;
  item next{std::move(frames), 0, 0, nullptr, 0};
  if (items_.empty()) {
    auto error = send(next);
    if (!error) return write_result::written;
    if (error != boost::asio::error::would_block) {
      fail(error);
      return write_result::gone;
    }
    // Only here: behind others there is a wait already, or a turn of `flush` that makes one. What
    // the socket wants before that, over TLS, may be a reader's wish.
    wait();
  }
  batch_pending_ = true;
  last_progress_ = clock::now();
  items_.push_back(std::move(next));
  return write_result::pending;
}

void outbound_queue::write(std::string bytes, std::unique_ptr<io_completion> done) {
  if (failed_) return done->complete(failed_, 0);
  auto reported = bytes.size();
  bool closes = !bytes.empty() && bytes.front() == close_frame_start;
  if (closes) {
    add_close_reason(bytes);
    close_queued_ = true;
  }
  items_.push_back({as_batch(std::move(bytes)), 0, 0, std::move(done), reported});
  if (items_.size() == 1) {
    flush();
  }
  if (closes && observer_ != nullptr) observer_->on_close_queued();
}

/// Sends all of it, or as much as the socket takes: would_block then.
boost::system::error_code outbound_queue::send(item& next) {
  const auto& slices = next.frames->slices;
  std::array<iovec, max_iovecs> iovecs;
  while (next.slice < slices.size()) {
    auto used = fill(iovecs, *next.frames, next.slice, next.offset);
    error_code error;
    auto sent = socket_.send_some(std::span(iovecs.data(), used), error);
    if (error) return error;
    while (next.slice < slices.size()) {
      auto left = slices[next.slice].bytes.size() - next.offset;
      if (sent < left) {
        next.offset += sent;
        break;
      }
      sent -= left;
      ++next.slice;
      next.offset = 0;
    }
  }
  return {};
}

void outbound_queue::wait() {
  if (waiting_) return;
  waiting_ = true;
  left_to_take_ = socket_.bytes_on_their_way();
  socket_.async_wait_for_room([self = shared_from_this()](error_code error) {
    self->waiting_ = false;
    if (self->failed_) return;
    if (error) return self->fail(error);
    self->flush();
  });
}

void outbound_queue::flush() {
  while (!failed_ && !items_.empty()) {
    auto before = socket_.bytes_taken();
    auto error = send(items_.front());
    if (socket_.bytes_taken() != before) last_progress_ = clock::now();
    if (error == boost::asio::error::would_block) return wait();
    if (error) return fail(error);
    finish_front();
  }
}

void outbound_queue::finish_front() {
  auto done = std::move(items_.front());
  items_.erase(items_.begin());
  if (done.done) return done.done->complete({}, done.reported);
  batch_pending_ = false;
  // May write the next batch, or close the socket: nothing of this queue may be held across it.
  if (observer_ != nullptr) observer_->on_batch_out();
}

void outbound_queue::fail(error_code error) {
  failed_ = error;
  batch_pending_ = false;
  auto items = std::move(items_);
  items_.clear();
  for (auto& each : items) {
    if (each.done) each.done->complete(error, 0);
  }
  if (observer_ != nullptr) observer_->on_broken();
}

void outbound_queue::close(bool drop) {
  socket_.close(drop);
  if (!failed_) {
    auto* observer = std::exchange(observer_, nullptr);
    fail(boost::asio::error::operation_aborted);
    observer_ = observer;
  }
}

void outbound_queue::teardown(std::unique_ptr<io_completion> done) {
  error_code error;
  socket_.finish_sending(error);
  if (error == boost::asio::error::would_block) {
    return socket_.async_wait_for_room(
        [self = shared_from_this(), done = std::move(done)](error_code failed) mutable {
          if (failed) return done->complete(failed, 0);
          self->teardown(std::move(done));
        });
  }
  if (error) return done->complete(error, 0);
  drain(std::move(done));
}

void outbound_queue::drain(std::unique_ptr<io_completion> done) {
  std::array<char, 2048> ignored;
  error_code error;
  // A client that goes on sending is read a bounded time a turn; its deadline ends it.
  for (int turn = 0; turn < 16 && !error; ++turn) {
    socket_.read_some(boost::asio::buffer(ignored), error);
  }
  bool ended = error && error != boost::asio::error::would_block;
  if (ended || (answer_expected_ && !socket_.secure())) {
    if (error == boost::asio::error::eof || !ended) error = {};
    socket_.close();
    return done->complete(error, 0);
  }
  socket_.async_wait_readable(
      [self = shared_from_this(), done = std::move(done)](error_code failed) mutable {
        if (failed) return done->complete(failed, 0);
        self->drain(std::move(done));
      });
}

std::optional<outbound_queue::clock::time_point> outbound_queue::stalled_since() const {
  if (!batch_pending_) return std::nullopt;
  return last_progress_;
}

void outbound_queue::look_for_progress() {
  if (failed_) return;
  const auto left = socket_.bytes_on_their_way();
  if (left < left_to_take_) last_progress_ = clock::now();
  left_to_take_ = left;
}

}  // namespace spillway::net
