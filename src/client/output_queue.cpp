#include "client/output_queue.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string_view>
#include <utility>

namespace spillway::client {
namespace {

namespace asio = boost::asio;

/// A descriptor that can take anything can take this much (POSIX: PIPE_BUF) without blocking.
constexpr std::size_t portion = 4096;

}  // namespace

output_queue::output_queue(const asio::any_io_executor& executor, int out, int err,
                           std::function<void()> before_write)
    : out_(out),
      err_(err),
      before_write_(std::move(before_write)),
      out_ready_(executor, out, readiness::to_write),
      err_ready_(executor, err, readiness::to_write),
      added_(executor),
      taken_(executor) {}

asio::awaitable<void> output_queue::write(end to, std::string text) {
  if (text.empty()) co_return;
  while (bytes_ > max_bytes || held_) co_await taken_.wait();
  bytes_ += text.size();
  if (texts_.empty() || texts_.back().to != to)
    texts_.push_back({to, std::move(text)});
  else
    texts_.back().text += text;
  added_.wake();
}

asio::awaitable<void> output_queue::drained() {
  while (bytes_ > 0) co_await taken_.wait();
}

void output_queue::release() {
  held_ = false;
  added_.wake();
  taken_.wake();
}

asio::awaitable<int> output_queue::run() {
  for (;;) {
    while (texts_.empty() || held_) co_await added_.wait();
    auto next = std::move(texts_.front());
    texts_.pop_front();
    const auto size = next.text.size();
    const int error = co_await write_all(next.to, std::move(next.text));
    bytes_ -= size;
    taken_.wake();
    if (error != 0 && next.to == end::standard_output) co_return error;
  }
}

asio::awaitable<int> output_queue::write_all(end to, std::string text) {
  const int fd = to == end::standard_output ? out_ : err_;
  auto& ready = to == end::standard_output ? out_ready_ : err_ready_;
  std::string_view left = text;
  while (!left.empty()) {
    co_await ready.wait();
    while (held_) co_await added_.wait();
    before_write_();
    const auto size = ready.can_wait() ? std::min(left.size(), portion) : left.size();
    const auto count = ::write(fd, left.data(), size);
    if (count < 0 && errno != EINTR && errno != EAGAIN) co_return errno;
    if (count > 0) left.remove_prefix(static_cast<std::size_t>(count));
  }
  co_return 0;
}

}  // namespace spillway::client
