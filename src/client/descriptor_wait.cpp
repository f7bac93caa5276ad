#include "client/descriptor_wait.hpp"

#include <poll.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace spillway::client {
namespace {

namespace asio = boost::asio;

std::uint32_t events_of(readiness wanted) {
  if (wanted == readiness::to_read) return EPOLLIN;
  // Errors and hang-ups are always reported.
  return wanted == readiness::to_write ? EPOLLOUT : 0u;
}

}  // namespace

descriptor_wait::descriptor_wait(const asio::any_io_executor& executor, int fd, readiness wanted)
    : fd_(fd), wanted_(wanted) {
  const int made = ::epoll_create1(EPOLL_CLOEXEC);
  if (made < 0) return;
  epoll_event event{};
  event.events = events_of(wanted);
  if (::epoll_ctl(made, EPOLL_CTL_ADD, fd, &event) != 0) {
    ::close(made);
    return;
  }
  epoll_.emplace(executor, made);
}

asio::awaitable<bool> descriptor_wait::wait() {
  if (!epoll_) co_return true;
  if (wanted_ == readiness::to_write) {
    pollfd now{fd_, POLLOUT, 0};
    if (::poll(&now, 1, 0) > 0) co_return true;
  }
  boost::system::error_code ec;
  co_await epoll_->async_wait(asio::posix::stream_descriptor::wait_read,
                              asio::redirect_error(asio::use_awaitable, ec));
  co_return !ec;
}

}  // namespace spillway::client
