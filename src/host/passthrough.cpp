#include "host/passthrough.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <limits.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <utility>

#include "protocol/timestamp.hpp"

namespace spillway::host {

namespace {

constexpr std::size_t most_at_once = 64 * 1024;
/// Calls of write in a row before the pipes are looked after again.
constexpr int turn = 64;

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
  if (::fstat(original_.get(), &kind) != 0) {
    broken_ = true;
  } else if (S_ISSOCK(kind.st_mode)) {
    way_ = way::send_without_waiting;
  } else if (S_ISFIFO(kind.st_mode) || ::isatty(original_.get())) {
    own_ = opened_again(original_.get());
    if (own_) way_ = way::non_blocking;
  }
}

void passthrough::add(const std::string& line) {
  if (broken_) return;
  backlog_.push_back({line + '\n', 0});
  bytes_ += line.size() + 1;
  // What is begun must be finished, and what came last is kept.
  const std::size_t kept = written_of_front_ > 0 ? 2 : 1;
  while (bytes_ > max_backlog_ && backlog_.size() > kept) drop_oldest();
}

void passthrough::drop_oldest() {
  const auto oldest = backlog_.begin() + (written_of_front_ > 0 ? 1 : 0);
  lost_ += oldest->lost > 0 ? oldest->lost : 1;
  bytes_ -= oldest->text.size();
  backlog_.erase(oldest);
}

void passthrough::write_some() {
  const int most_writes = way_ == way::small_pieces ? 1 : turn;
  for (int i = 0; i < most_writes && waiting(); ++i) {
    if (lost_ > 0 && written_of_front_ == 0) {
      const std::uint64_t count = std::exchange(lost_, 0);
      backlog_.push_front({lost_lines_notice(count) + '\n', count});
      bytes_ += backlog_.front().text.size();
    }
    const long n = write_front();
    if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) return;
    if (n < 0) {  // nobody is left at the other end
      broken_ = true;
      backlog_.clear();
      bytes_ = written_of_front_ = lost_ = 0;
      return;
    }
    written_of_front_ += static_cast<std::size_t>(n);
    if (written_of_front_ < backlog_.front().text.size()) continue;
    bytes_ -= backlog_.front().text.size();
    backlog_.pop_front();
    written_of_front_ = 0;
  }
}

long passthrough::write_front() {
  const std::string& text = backlog_.front().text;
  const char* const from = text.data() + written_of_front_;
  const std::size_t left = text.size() - written_of_front_;
  switch (way_) {
    case way::send_without_waiting:
      return ::send(original_.get(), from, std::min(left, most_at_once),
                    MSG_DONTWAIT | MSG_NOSIGNAL);
    case way::non_blocking:
      return ::write(own_.get(), from, std::min(left, most_at_once));
    case way::small_pieces:
      break;
  }
  return ::write(original_.get(), from, std::min<std::size_t>(left, PIPE_BUF));
}

}  // namespace spillway::host
