#include "host/compose_run.hpp"

#include <signal.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace spillway::host {

namespace {

namespace asio = boost::asio;

/// How long the pipes may outlive the leader: a process that it left behind may hold them for ever.
constexpr std::chrono::seconds drain_time{2};

constexpr int not_started_exit_code = 127;

bool give(asio::posix::stream_descriptor& to, unique_fd& fd) {
  boost::system::error_code ec;
  to.assign(fd.get(), ec);
  if (ec) return false;
  fd.release();
  to.native_non_blocking(true, ec);
  return true;
}

}  // namespace

compose_run::compose_run(strand_type strand, std::size_t max_line,
                         std::chrono::milliseconds kill_grace, output_handler handler)
    : strand_(std::move(strand)),
      kill_grace_(kill_grace),
      handler_(std::move(handler)),
      sources_{source(strand_, max_line), source(strand_, max_line)},
      ended_(strand_),
      kill_timer_(strand_),
      drain_timer_(strand_) {}

void compose_run::launch(const child_command& command) {
  if (over_ || !handler_) return;
  if (terminated_) {
    exit_code_ = 128 + SIGTERM;
    return settle();
  }
  auto started = child::launch(command, child_output::piped);
  if (!started) return fail(std::move(started.error()));
  if (!adopt(std::move(*started))) return fail("cannot watch the compose process");
  wait_for_exit();
  settle();
}

bool compose_run::adopt(child started) {
  child_.emplace(std::move(started));
  if (give(ended_, child_->ended) && give(sources_[0].pipe, child_->out) &&
      give(sources_[1].pipe, child_->err)) {
    return true;
  }
  for (source& s : sources_) close(s);
  child_.reset();
  return false;
}

void compose_run::fail(std::string why) {
  if (over_) return;
  pending_.exit = actors::compose_exit{not_started_exit_code, std::move(why)};
  exit_code_ = not_started_exit_code;
  settle();
}

void compose_run::read() {
  wanted_ = true;
  settle();
}

void compose_run::terminate() {
  if (std::exchange(terminated_, true) || !child_) return;
  child_->signal_group(SIGTERM);
  kill_timer_.expires_after(kill_grace_);
  kill_timer_.async_wait([self = shared_from_this()](boost::system::error_code error) {
    if (!error && self->child_) self->child_->signal_group(SIGKILL);
  });
}

void compose_run::abandon() {
  handler_ = nullptr;
  for (source& s : sources_) close(s);
  if (child_) child_->signal_group(SIGKILL);
  settle();
}

void compose_run::wait_for_exit() {
  ended_.async_wait(asio::posix::stream_descriptor::wait_read,
                    [self = shared_from_this()](boost::system::error_code error) {
                      if (!error) self->on_leader_ended();
                    });
}

void compose_run::on_leader_ended() {
  exit_code_ = child_->exit_code();
  if (!exit_code_) return wait_for_exit();
  drain_timer_.expires_after(drain_time);
  drain_timer_.async_wait([self = shared_from_this()](boost::system::error_code error) {
    if (!error) self->end_drain();
  });
  settle();
}

/// What stands in the pipes now is still the leader's; what others write from here on is not waited
/// for.
void compose_run::end_drain() {
  for (source& s : sources_) {
    if (!s.pipe.is_open()) continue;
    int bytes = 0;
    if (::ioctl(s.pipe.native_handle(), FIONREAD, &bytes) != 0 || bytes <= 0) {
      close(s);
    } else {
      s.rest = static_cast<std::size_t>(bytes);
    }
  }
  settle();
}

void compose_run::wait_for_output(source& from) {
  if (!from.pipe.is_open() || std::exchange(from.waiting, true)) return;
  from.pipe.async_wait(asio::posix::stream_descriptor::wait_read,
                       [self = shared_from_this(), &from](boost::system::error_code) {
                         from.waiting = false;
                         self->on_readable(from);
                       });
}

void compose_run::on_readable(source& from) {
  // Unwanted bytes stay in the pipe: that is what holds the process back.
  if (!wanted_ || !from.pipe.is_open()) return;
  std::array<char, 16 * 1024> chunk;
  const std::size_t most = std::min(chunk.size(), from.rest.value_or(chunk.size()));
  const ssize_t n = ::read(from.pipe.native_handle(), chunk.data(), most);
  if (n > 0) {
    from.lines.feed({chunk.data(), static_cast<std::size_t>(n)}, pending_.lines);
    if (from.rest) *from.rest -= static_cast<std::size_t>(n);
  }
  const bool failed = n < 0 && errno != EAGAIN && errno != EINTR;
  if (n == 0 || failed || from.rest == 0U) close(from);
  settle();
}

void compose_run::close(source& from) {
  if (!from.pipe.is_open()) return;
  boost::system::error_code ignored;
  from.pipe.close(ignored);
  from.lines.finish(pending_.lines);
}

/// Brings everything in line with what has become known: the end, a delivery, or the wish for more.
void compose_run::settle() {
  const bool drained = !sources_[0].pipe.is_open() && !sources_[1].pipe.is_open();
  if (exit_code_ && drained && !std::exchange(over_, true)) {
    if (!pending_.exit) pending_.exit = actors::compose_exit{*exit_code_, {}};
    kill_timer_.cancel();
    drain_timer_.cancel();
    child_.reset();
    boost::system::error_code ignored;
    ended_.close(ignored);
  }
  if (!wanted_ || !handler_) return;
  if (!pending_.lines.empty() || pending_.exit) return deliver();
  for (source& s : sources_) wait_for_output(s);
}

void compose_run::deliver() {
  wanted_ = false;
  handler_(std::make_shared<const actors::compose_output>(std::exchange(pending_, {})));
}

}  // namespace spillway::host
