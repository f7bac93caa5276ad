// Waiting for a descriptor that other programs share.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <optional>

namespace spillway::client {

enum class readiness { to_read, to_write, reader_gone };

/// Asio makes what it waits for non-blocking, and with a terminal that would be so for the shell
/// and all who share it. So it waits for an epoll descriptor that watches the one meant. Context:
/// the io_context's thread.
class descriptor_wait {
 public:
  descriptor_wait(const boost::asio::any_io_executor& executor, int fd, readiness wanted);

  /// False for a file or what else is always ready: there is nothing to wait for.
  bool can_wait() const { return epoll_.has_value(); }
  /// Returns once it is ready, at once where it cannot wait; false where the wait was cancelled.
  boost::asio::awaitable<bool> wait();

 private:
  const int fd_;
  const readiness wanted_;
  std::optional<boost::asio::posix::stream_descriptor> epoll_;
};

}  // namespace spillway::client
