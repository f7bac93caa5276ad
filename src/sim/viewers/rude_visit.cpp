#include "sim/viewers/rude_visit.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>
#include <charconv>
#include <utility>

namespace spillway::sim {

namespace {

using boost::system::error_code;

/// How long a viewer lets what it sent take effect before it resets the connection.
constexpr std::chrono::milliseconds short_while{50};
constexpr std::size_t most_head_bytes = 64 << 10;

}  // namespace

rude_visit::rude_visit(const viewer_strand& strand, const rude_deed& deed, draws& random)
    : deed_(deed), random_(random), socket_(strand), timer_(strand) {}

void rude_visit::begin(const server_place& server, const rude_request& request, handler done) {
  done_ = std::move(done);
  timer_.expires_after(patience);
  timer_.async_wait([self = shared_from_this()](error_code cancelled) {
    if (!cancelled) self->finish();
  });
  socket_.async_connect(
      server.endpoint, [self = shared_from_this(),
                        bytes = deed_.opening(request, random_)](error_code failed) mutable {
        if (!self->done_) return;
        if (failed) return self->finish();
        self->send(std::move(bytes));
        // A flood does not wait for answers.
        if (self->deed_.after == rude_deed::then::flood) return self->linger_then_reset();
        if (self->deed_.status == 0 && self->deed_.after == rude_deed::then::reset)
          return self->linger_then_reset();
        self->read();
      });
}

/// What the server does not take is not sent: it may have ended the connection by then.
void rude_visit::send(std::string bytes) {
  auto kept = std::make_shared<std::string>(std::move(bytes));
  boost::asio::async_write(socket_, boost::asio::buffer(*kept),
                           [self = shared_from_this(), kept](error_code, std::size_t) {});
}

void rude_visit::read() {
  socket_.async_read_some(boost::asio::buffer(in_),
                          [self = shared_from_this()](error_code error, std::size_t count) {
                            self->on_read(error, count);
                          });
}

void rude_visit::on_read(error_code error, std::size_t count) {
  if (!done_) return;
  if (error) {
    outcome_.ended_by_server = true;
    return finish();
  }
  take({in_.data(), count});
  if (done_) read();
}

void rude_visit::take(std::string_view bytes) {
  pending_ += bytes;
  if (outcome_.status == 0) return take_head();
  take_frames();
}

/// Once the head of the answer is whole.
void rude_visit::take_head() {
  const auto end = pending_.find("\r\n\r\n");
  if (end == pending_.npos) {
    if (pending_.size() <= most_head_bytes) return;
    outcome_.nonsense = true;
    return finish();
  }
  constexpr std::size_t status_at = 9;
  if (pending_.starts_with("HTTP/1.1 ")) {
    std::from_chars(pending_.data() + status_at, pending_.data() + end, outcome_.status);
  }
  if (outcome_.status != 101) {
    outcome_.nonsense = outcome_.status == 0;
    // An answer that is no upgrade: whether the server closes by itself then is HTTP's affair.
    outcome_.ended_by_server = true;
    return finish();
  }
  pending_.erase(0, end + 4);
  if (deed_.message) send(deed_.message(random_));
  if (deed_.after == rude_deed::then::reset) return linger_then_reset();
  take_frames();
}

/// Up to the close frame. That TCP ends, too, is looked at where no frame says how it ends.
void rude_visit::take_frames() {
  std::string_view left = pending_;
  while (const auto message = reader_.next(left)) {
    outcome_.nonsense = message->what == server_message::kind::wrong;
    if (message->what == server_message::kind::close) {
      outcome_.close_code = message->code;
      outcome_.reason = message->payload;
    } else if (!outcome_.nonsense) {
      if (message->what == server_message::kind::text) {
        ++outcome_.text_frames;
        outcome_.after_error = message->payload.starts_with("{\"error\"");
      }
      continue;
    }
    outcome_.ended_by_server = true;
    return finish();
  }
  pending_.erase(0, pending_.size() - left.size());
}

void rude_visit::linger_then_reset() {
  timer_.expires_after(deed_.after == rude_deed::then::flood ? short_while / 10 : short_while);
  timer_.async_wait([self = shared_from_this()](error_code cancelled) {
    if (!cancelled) self->finish();
  });
}

void rude_visit::finish() {
  auto done = std::exchange(done_, nullptr);
  if (!done) return;
  timer_.cancel();
  error_code ignored;
  socket_.set_option(boost::asio::socket_base::linger(true, 0), ignored);
  socket_.close(ignored);
  done(outcome_);
}

void rude_visit::abandon() {
  done_ = [](const rude_outcome&) {};
  finish();
}

}  // namespace spillway::sim
