#include "simulation/simulated_connection.hpp"

#include <fmt/format.h>

#include <boost/asio/io_context.hpp>
#include <exception>
#include <utility>

namespace spillway::simulation {

using namespace actors;

namespace {

/// How long a connection waits for the client's close frame.
constexpr std::chrono::seconds closing_limit{5};
/// No frame of a simulated stream is larger.
constexpr std::size_t largest_frame = 512;

}  // namespace

viewer_connection::strand_type simulated_connection::strand() const {
  static boost::asio::io_context never_run;
  return strand_type(never_run.get_executor());
}

void simulated_connection::start(std::shared_ptr<viewer_events> events) {
  if (started()) complain("was started twice");
  events_ = std::move(events);
  if (left_) gone_soon();
}

viewer_connection::write_result simulated_connection::write(batch_ptr frames) {
  if (!started()) complain("was written to before it was started");
  if (closed_) complain("was written to after its close");
  if (pending_) complain("was written to while a write was pending");
  if (gone_ || aborted_ || left_) return write_result::gone;
  if (frames->bytes > how_.window_bytes + largest_frame)
    complain(fmt::format("got a batch of {} bytes", frames->bytes));
  try {
    for (const auto& payload : client_.decode(*frames)) {
      ++frames_;
      on_frame_(payload);
    }
    if (!how_.deflated && client_.deflated_frames() != 0) complain("got compressed frames");
  } catch (const std::exception& e) {
    complain(std::string("got what is no frame: ") + e.what());
  }
  world_.note(fmt::format("{} takes {} frames", name_, frames->frames));
  if (!stuck_ && !world_.chance(how_.pends)) return write_result::written;
  pending_ = true;
  ++writes_;
  if (stuck_) {
    watch_for_stall();
  } else {
    written_soon();
  }
  return write_result::pending;
}

void simulated_connection::written_soon() {
  world_.soon(lane_, [me = shared_from_this()] {
    if (!me->pending_ || me->gone_ || me->stuck_) return;
    me->pending_ = false;
    me->events_->on_written();
    if (me->closed_) me->gone_soon();
  });
}

/// Told once for one pending batch that is not taken.
void simulated_connection::watch_for_stall() {
  world_.after(how_.stall_timeout, [me = shared_from_this(), write = writes_] {
    if (me->gone_ || !me->pending_ || !me->stuck_ || me->writes_ != write) return;
    if (std::exchange(me->stalled_, true)) return;
    me->world_.note(me->name_ + " stalled");
    me->events_->on_stalled();
  });
}

void simulated_connection::close(protocol::close_frame frame) {
  if (closed_) return;
  world_.note(
      fmt::format("{} is closed: {} {}", name_, static_cast<int>(frame.code), frame.reason.text()));
  closed_ = frame;
  on_close_(frame);
  if (!pending_ && !stuck_ && world_.chance(0.8)) return gone_soon();
  // A client that does not answer is dropped.
  world_.after(closing_limit, [me = shared_from_this()] { me->gone_soon(); });
}

void simulated_connection::abort() {
  world_.note(name_ + " is cut");
  aborted_ = true;
  gone_soon();
}

void simulated_connection::leave() {
  if (gone_ || going_ || std::exchange(left_, true)) return;
  world_.note(name_ + " leaves");
  if (events_) gone_soon();
}

void simulated_connection::be_silent() {
  if (!events_ || gone_ || going_ || silent_) return;
  silent_ = true;
  world_.note(name_ + " is silent");
  world_.soon(lane_, [me = shared_from_this()] {
    if (!me->gone_) me->events_->on_silent();
  });
}

void simulated_connection::stick(bool stuck) {
  stuck_ = stuck;
  world_.note(name_ + (stuck ? " sticks" : " takes bytes again"));
  if (stuck && pending_) watch_for_stall();
  if (!stuck && pending_) written_soon();
}

void simulated_connection::gone_soon() {
  if (std::exchange(going_, true)) return;
  world_.soon(lane_, [me = shared_from_this()] { me->tell_gone(); });
}

void simulated_connection::tell_gone() {
  if (!events_) {
    going_ = false;
    return;
  }
  gone_ = true;
  pending_ = false;
  world_.note(name_ + " is gone");
  const auto events = std::exchange(events_, nullptr);
  events->on_gone();
}

}  // namespace spillway::simulation
