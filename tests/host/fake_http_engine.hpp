// An engine on a Unix socket that answers what the test says, or does not answer.
#pragma once

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstring>
#include <filesystem>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "support/docker_wire.hpp"

namespace spillway::host::testing {

using test::chunked_head;
using test::http_answer;
using test::http_chunk;
using test::last_chunk;
using test::log_frame;

/// One connection, after its request was read. Context: its own thread.
class fake_peer {
 public:
  fake_peer(int fd, std::string wanted) : target(std::move(wanted)), fd_(fd) {}

  /// False where the client has closed.
  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      ssize_t n = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (n <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(n));
      sent += static_cast<std::size_t>(n);
    }
    return true;
  }
  /// Holds the connection open without a word, until the client or the fake closes it.
  void stall() {
    char byte;
    while (::recv(fd_, &byte, 1, 0) > 0) {
    }
  }

  /// Whether the client leaves bytes unread, so that the socket takes no more. Context: any thread.
  bool full() const {
    pollfd out{fd_, POLLOUT, 0};
    return ::poll(&out, 1, 0) == 0;
  }

  const std::string target;
  std::atomic<std::size_t> sent{0};

 private:
  int fd_;
};

class fake_http_engine {
 public:
  using script = std::function<void(fake_peer&)>;

  explicit fake_http_engine(script answer) : answer_(std::move(answer)) {
    char name[] = "/tmp/spillway-fake-engine-XXXXXX";
    if (::mkdtemp(name) == nullptr) throw std::runtime_error("mkdtemp");
    folder_ = name;
    listener_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strcpy(address.sun_path, path().c_str());
    if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 ||
        ::listen(listener_, 64) != 0) {
      throw std::runtime_error("cannot listen");
    }
    acceptor_ = std::thread{[this] { accept_all(); }};
  }
  ~fake_http_engine() {
    stopping_ = true;
    ::shutdown(listener_, SHUT_RDWR);
    acceptor_.join();
    for (int fd : fds_) ::shutdown(fd, SHUT_RDWR);
    for (std::thread& t : threads_) t.join();
    for (int fd : fds_) ::close(fd);
    ::close(listener_);
    std::filesystem::remove_all(folder_);
  }

  std::string url() const { return "unix://" + path(); }
  std::vector<std::string> targets() const {
    std::lock_guard lock{mutex_};
    return history_.targets;
  }

  /// What was asked for so far, and how many of these connections have ended.
  struct history {
    std::vector<std::string> targets;
    std::size_t ended = 0;
  };
  /// Waits until it is as `condition` says; false where that does not come to pass.
  bool wait_for(const std::function<bool(const history&)>& condition) const {
    std::unique_lock lock{mutex_};
    return changed_.wait_for(lock, std::chrono::seconds{30}, [&] { return condition(history_); });
  }

 private:
  std::string path() const { return folder_ + "/docker.sock"; }

  void accept_all() {
    for (;;) {
      int fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      if (stopping_ || fd < 0) {
        if (fd >= 0) ::close(fd);
        return;
      }
      fds_.push_back(fd);
      threads_.emplace_back([this, fd] { serve(fd); });
    }
  }

  void serve(int fd) {
    std::string request;
    char buffer[4096];
    while (request.find("\r\n\r\n") == std::string::npos) {
      ssize_t n = ::recv(fd, buffer, sizeof buffer, 0);
      if (n <= 0) return;
      request.append(buffer, static_cast<std::size_t>(n));
    }
    std::string target = request.substr(4, request.find(' ', 4) - 4);
    {
      std::lock_guard lock{mutex_};
      history_.targets.push_back(target);
      changed_.notify_all();
    }
    fake_peer peer{fd, target};
    answer_(peer);
    ::shutdown(fd, SHUT_RDWR);
    std::lock_guard lock{mutex_};
    ++history_.ended;
    changed_.notify_all();
  }

  script answer_;
  std::string folder_;
  int listener_ = -1;
  std::atomic<bool> stopping_{false};
  std::thread acceptor_;
  // Of the acceptor, and after its end of the destructor.
  std::vector<int> fds_;
  std::vector<std::thread> threads_;
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  history history_;
};

}  // namespace spillway::host::testing
