#include "actors/session.hpp"

#include <spdlog/spdlog.h>

#include <boost/asio/dispatch.hpp>
#include <caf/actor_cast.hpp>
#include <caf/send.hpp>
#include <exception>
#include <utility>

#include "actors/actor_errors.hpp"
#include "actors/batch_builder.hpp"
#include "protocol/frames.hpp"

namespace spillway::actors {

namespace {

/// From the close to the cut. With a watch that looks four times a second, access ends within 2 s,
/// also where the machine is busy for half of one.
constexpr std::chrono::milliseconds access_ended_grace{1'000};

/// Turns what the connection reports into messages. Context: the connection's strand.
class event_relay : public viewer_events {
 public:
  explicit event_relay(session_actor to) : to_(std::move(to)) {}
  void on_written() override { caf::anon_send(to_, socket_written{}); }
  void on_silent() override { caf::anon_send(to_, socket_silent{}); }
  void on_stalled() override { caf::anon_send(to_, socket_stalled{}); }
  void on_gone() override { caf::anon_send(to_, socket_gone{}); }

 private:
  session_actor to_;
};

batch_ptr error_batch(std::string_view message) {
  std::string payload;
  protocol::append_error_frame(payload, message);
  batch_builder frames;
  frames.add(payload);
  return frames.finish();
}

}  // namespace

session::session(caf::actor_config& cfg, std::optional<strand_type> strand, subscriber_id id,
                 std::shared_ptr<viewer_connection> connection, audited_stream audit)
    : on_strand(cfg, std::move(strand)),
      id_(id),
      connection_(std::move(connection)),
      audit_(std::move(audit)) {}

session::behavior_type session::make_behavior() {
  log_exceptions(*this, name());
  set_down_handler([this](caf::down_msg& down) {
    if (!publisher_ || down.source != publisher_.address()) return;
    publisher_ = nullptr;
    // One that retires has sent its viewers back to be routed anew: `attached` follows.
    if (down.reason) end(end_cause::publisher_failed, {});
  });
  connection_->start(std::make_shared<event_relay>(session_actor(this)));
  return {
      [this](const attached& m) {
        if (state_ != state::opening && state_ != state::streaming) {
          return caf::anon_send(m.publisher, unsubscribe{id_});
        }
        if (publisher_) demonitor(publisher_.address());
        publisher_ = m.publisher;
        readiness_ = m.readiness;
        monitor(publisher_);
        state_ = state::streaming;
      },
      [this](const deliver& m) { take(m.frames); },
      [this](const finish& m) { end(m.cause, m.detail); },
      [this](socket_written) {
        writing_ = false;
        audit_.count(std::exchange(under_way_, {}));
        if (state_ == state::streaming) release();
      },
      [this](socket_silent) { end(end_cause::read_deadline, {}); },
      [this](socket_stalled) {
        if (state_ == state::draining) return connection_->abort();
        end(end_cause::viewer_stalled, {});
      },
      [this](socket_gone) {
        leave_publisher();
        state_ = state::closed;
        audit_.close(cause_);
        quit();
      },
  };
}

session& session::behind(const session_actor& handle) {
  return static_cast<session&>(*caf::actor_cast<caf::abstract_actor*>(handle));
}

void session::hand_over(session_actor to, batch_ptr frames) {
  const strand_type& here = *behind(to).strand();
  boost::asio::dispatch(here, [to = std::move(to), frames = std::move(frames)] {
    behind(to).take_beside_messages(frames);
  });
}

/// On the strand like a message's handler, but CAF's guards are not around it.
void session::take_beside_messages(const batch_ptr& frames) {
  // `attached` is still among its messages: behind that, then.
  if (state_ == state::opening) return caf::anon_send(session_actor(this), deliver{frames});
  try {
    take(frames);
  } catch (const std::exception& e) {
    spdlog::error("[actors] a session failed: {}", e.what());
    caf::anon_send(session_actor(this), finish{end_cause::publisher_failed, {}});
  }
}

void session::take(const batch_ptr& frames) {
  // Without a connection it has died of an exception.
  if (state_ != state::streaming || !connection_) return;
  switch (connection_->write(frames)) {
    case viewer_connection::write_result::written:
      audit_.count({frames->frames, frames->bytes, frames->skipped});
      release();
      break;
    case viewer_connection::write_result::pending:
      writing_ = true;
      under_way_ = {frames->frames, frames->bytes, frames->skipped};
      break;
    case viewer_connection::write_result::gone:
      break;  // socket_gone follows
  }
}

/// The socket can take the next batch.
void session::release() {
  if (readiness_->release()) caf::anon_send(publisher_, next_batch{id_});
}

void session::end(end_cause cause, const std::string& detail) {
  if (state_ == state::draining || state_ == state::closed) return;
  state_ = state::draining;
  cause_ = cause;
  leave_publisher();
  const ending& row = ending_for(cause);
  if (row.rest == remainder::cut) return connection_->abort();
  // A publisher ends a stream only when its last batch is out, so the error frame finds room.
  if (row.error_frame && !writing_) {
    writing_ = connection_->write(error_batch(detail.empty() ? row.reason : detail)) ==
               viewer_connection::write_result::pending;
  }
  connection_->close(close_frame_for(row, detail));
  // Whoever lost access gets no time to read on what is on its way before the close frame.
  if (cause == end_cause::access_ended) delayed_send(this, access_ended_grace, socket_stalled{});
}

void session::leave_publisher() {
  if (!publisher_) return;
  caf::anon_send(publisher_, unsubscribe{id_});
  demonitor(publisher_.address());
  publisher_ = nullptr;
}

void session::on_exit() {
  // Only an exception or a kill gets here with the connection open.
  if (connection_ && state_ != state::closed && state_ != state::draining) {
    connection_->close(close_frame_for(ending_for(end_cause::publisher_failed), {}));
  }
  audit_.close(state_ == state::draining ? cause_ : end_cause::publisher_failed);
  connection_.reset();
  publisher_ = nullptr;
}

}  // namespace spillway::actors
