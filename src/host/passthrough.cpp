#include "host/passthrough.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <limits.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <utility>

#include "protocol/timestamp.hpp"

namespace spillway::host {

namespace {

constexpr std::size_t piece_bytes = 16 * 1024;

bool has_room(int fd) {
  pollfd polled{fd, POLLOUT, 0};
  return ::poll(&polled, 1, 0) > 0;
}

unique_fd opened_again(int fd) {
  const std::string path = fmt::format("/proc/self/fd/{}", fd);
  return unique_fd(::open(path.c_str(), O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
}

}  // namespace

std::string lost_lines_notice(std::uint64_t count) {
  return fmt::format("{} [spillway] {} lines lost",
                     protocol::format_rfc3339_milli(std::chrono::system_clock::now()), count);
}

passthrough::passthrough(unique_fd original, std::size_t max_backlog)
    : original_(std::move(original)), max_backlog_(max_backlog) {
  struct stat kind {};
  ::fstat(original_.get(), &kind);
  if (S_ISSOCK(kind.st_mode)) {
    way_ = way::send_without_waiting;
  } else if (S_ISFIFO(kind.st_mode) || ::isatty(original_.get())) {
    own_ = opened_again(original_.get());
    if (own_) way_ = way::non_blocking;
  }
}

void passthrough::add(const std::string& line) {
  backlog_.push_back(line + '\n');
  backlog_bytes_ += backlog_.back().size();
  while (backlog_bytes_ > max_backlog_ && backlog_.size() > 1) {
    backlog_bytes_ -= backlog_.front().size();
    backlog_.pop_front();
    ++lost_;
  }
}

void passthrough::write_some() {
  while (waiting()) {
    if (piece_.empty()) next_piece();
    const long n = write_piece();
    if (n < 0 && errno == EINTR) continue;
    if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return;
    if (n < 0) return drop_piece();
    written_ += static_cast<std::size_t>(n);
    if (written_ < piece_.size()) continue;
    piece_.clear();
    written_ = 0;
  }
}

void passthrough::next_piece() {
  told_ = std::exchange(lost_, 0);
  if (told_ > 0) piece_ = lost_lines_notice(told_) + '\n';
  while (!backlog_.empty() && piece_.size() < piece_bytes) {
    piece_ += backlog_.front();
    backlog_bytes_ -= backlog_.front().size();
    backlog_.pop_front();
  }
}

long passthrough::write_piece() {
  const char* const from = piece_.data() + written_;
  const std::size_t left = piece_.size() - written_;
  switch (way_) {
    case way::send_without_waiting:
      return ::send(original_.get(), from, left, MSG_DONTWAIT | MSG_NOSIGNAL);
    case way::non_blocking:
      return ::write(own_.get(), from, left);
    case way::small_pieces:
      break;
  }
  if (!has_room(original_.get())) {
    errno = EAGAIN;
    return -1;
  }
  return ::write(original_.get(), from, std::min<std::size_t>(left, PIPE_BUF));
}

/// The disk is full, say, or nobody reads: what comes later may fare better.
void passthrough::drop_piece() {
  const auto begin = piece_.begin() + static_cast<std::ptrdiff_t>(written_);
  lost_ += static_cast<std::uint64_t>(std::count(begin, piece_.end(), '\n'));
  if (told_ > 0 && written_ == 0) lost_ += told_ - 1;
  piece_.clear();
  written_ = 0;
}

}  // namespace spillway::host
