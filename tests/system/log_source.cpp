#include "system/log_source.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <iterator>
#include <optional>
#include <stdexcept>

#include "support/docker_wire.hpp"

namespace spillway::system_test {

using test::http_answer;
using test::http_chunk;

namespace {

const std::string the_container(64, 'c');
/// Docker splits a line into entries of this size.
constexpr std::size_t entry_bytes = 16384;
/// Lines for which one chunk is written.
constexpr std::uint64_t lines_at_once = 256;

bool send_whole(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto n = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

std::string read_target(int fd) {
  std::string request;
  char buffer[4096];
  while (request.find("\r\n\r\n") == std::string::npos) {
    const auto n = ::recv(fd, buffer, sizeof buffer, 0);
    if (n <= 0) return "";
    request.append(buffer, static_cast<std::size_t>(n));
  }
  return request.substr(4, request.find(' ', 4) - 4);
}

/// The project in the encoded label filter of a list request.
std::string asked_project(const std::string& target) {
  const std::string label = "project%3D";
  const auto at = target.find(label);
  if (at == std::string::npos) return "";
  const auto from = at + label.size();
  return target.substr(from, target.find('%', from) - from);
}

std::string parameter(const std::string& target, const std::string& name) {
  const auto at = target.find("&" + name + "=");
  if (at == std::string::npos) return "";
  const auto from = at + name.size() + 2;
  return target.substr(from, target.find('&', from) - from);
}

/// Line N is stamped N milliseconds after the start of 2026.
std::string stamp(std::uint64_t number) {
  const auto ms = number % 1000;
  const auto s = number / 1000;
  return fmt::format("2026-01-{:02}T{:02}:{:02}:{:02}.{:03}000000Z ", 1 + s / 86400, s / 3600 % 24,
                     s / 60 % 60, s % 60, ms);
}

constexpr std::uint64_t start_of_2026 = 1'767'225'600;

}  // namespace

struct log_source::connection {
  int fd = -1;
  std::atomic<bool> done{false};
  std::thread thread;
};

struct log_source::query {
  std::optional<std::uint64_t> tail;
  /// The first line whose stamp is not before `since`.
  std::uint64_t since = 1;
  bool follow = false;
};

log_source::log_source(const std::filesystem::path& directory, std::size_t line_bytes,
                       log_form form)
    : socket_(directory / "source.sock"), line_bytes_(line_bytes), form_(form) {
  listener_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_un at{};
  at.sun_family = AF_UNIX;
  std::strncpy(at.sun_path, socket_.c_str(), sizeof at.sun_path - 1);
  if (::bind(listener_, reinterpret_cast<const sockaddr*>(&at), sizeof at) != 0 ||
      ::listen(listener_, 1024) != 0) {
    throw std::runtime_error("cannot listen on " + socket_.string());
  }
  acceptor_ = std::thread([this] { accept_all(); });
}

log_source::~log_source() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    changed_.notify_all();
  }
  ::shutdown(listener_, SHUT_RDWR);
  acceptor_.join();
  for (auto& each : connections_) ::shutdown(each.fd, SHUT_RDWR);
  for (auto& each : connections_) {
    each.thread.join();
    ::close(each.fd);
  }
  ::close(listener_);
}

void log_source::accept_all() {
  for (;;) {
    const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    const std::lock_guard lock(mutex_);
    if (fd < 0 || stopping_) {
      if (fd >= 0) ::close(fd);
      return;
    }
    connections_.remove_if([](connection& each) {
      if (!each.done) return false;
      each.thread.join();
      ::close(each.fd);
      return true;
    });
    auto& on = connections_.emplace_back();
    on.fd = fd;
    on.thread = std::thread([this, &on] { serve(on); });
  }
}

void log_source::serve(connection& on) {
  const auto target = read_target(on.fd);
  if (!target.empty()) answer(on.fd, target);
  ::shutdown(on.fd, SHUT_RDWR);
  on.done = true;
}

void log_source::answer(int fd, const std::string& target) {
  if (target == "/version") {
    send_whole(fd, http_answer(200, R"({"ApiVersion":"1.41","MinAPIVersion":"1.12"})"));
  } else if (target.find("/containers/json?") != std::string::npos) {
    send_whole(fd, http_answer(200, fmt::format(R"([{{"Id":"{}","State":"running","Labels":{{)"
                                                R"("com.docker.compose.project":"{}",)"
                                                R"("com.docker.compose.service":"web"}}}}])",
                                                the_container, asked_project(target))));
  } else if (target.find("/logs?") == std::string::npos) {
    const std::lock_guard lock(mutex_);
    send_whole(fd, http_answer(200, fmt::format(R"({{"Config":{{"Tty":{}}},"State":{{)"
                                                R"("Running":{},"StartedAt":"t"}}}})",
                                                form_ == log_form::tty, running_)));
  } else {
    query asked;
    if (const auto tail = parameter(target, "tail"); tail != "all") asked.tail = std::stoull(tail);
    if (const auto since = parameter(target, "since"); !since.empty()) {
      const auto ms = static_cast<std::int64_t>((std::stod(since) - start_of_2026) * 1000);
      asked.since = static_cast<std::uint64_t>(std::max<std::int64_t>(ms, 1));
    }
    asked.follow = parameter(target, "follow") == "1";
    send_log(fd, asked);
  }
}

std::uint64_t log_source::first_line(const query& asked) const {
  const auto kept = std::min(asked.tail.value_or(printed_), printed_);
  return std::max(asked.since, printed_ - kept + 1);
}

void log_source::send_log(int fd, const query& asked) {
  if (!send_whole(fd, test::chunked_head)) return;
  std::unique_lock lock(mutex_);
  auto next = first_line(asked);
  for (;;) {
    const auto end = std::min(printed_ + 1, next + lines_at_once);
    const auto giant = long_lines_.lower_bound(next);
    const bool now = giant != long_lines_.end() && giant->first == next;
    const auto stop = giant == long_lines_.end() ? end : std::min(end, giant->first);
    lock.unlock();
    if (now) {
      if (!send_long_line(fd, next, giant->second)) return;
      ++next;
    } else if (next < stop) {
      if (!send_lines(fd, next, stop)) return;
      next = stop;
    }
    lock.lock();
    if (next <= printed_) continue;
    if (!asked.follow || !running_ || stopping_) break;
    // A client that goes away while it is quiet is found by the next line.
    changed_.wait(lock, [&] { return next <= printed_ || !running_ || stopping_; });
  }
  lock.unlock();
  send_whole(fd, test::last_chunk);
}

void log_source::append_entry(std::string& out, std::uint64_t number, std::string_view text) const {
  const auto entry = stamp(number).append(text);
  out += form_ == log_form::tty ? entry : test::log_frame(entry);
}

bool log_source::send_lines(int fd, std::uint64_t from, std::uint64_t to) const {
  std::string out;
  for (auto n = from; n < to; ++n)
    append_entry(out, n, fmt::format("{:<{}}\n", fmt::format("line {}", n), line_bytes_));
  return send_whole(fd, http_chunk(out));
}

bool log_source::send_long_line(int fd, std::uint64_t number, std::uint64_t bytes) const {
  std::string whole;
  append_entry(whole, number, std::string(entry_bytes, 'x'));
  const auto entry = http_chunk(whole);
  for (; bytes >= entry_bytes; bytes -= entry_bytes)
    if (!send_whole(fd, entry)) return false;
  std::string rest;
  append_entry(rest, number, std::string(bytes, 'x') + "\n");
  return send_whole(fd, http_chunk(rest));
}

void log_source::print(std::uint64_t lines) {
  const std::lock_guard lock(mutex_);
  printed_ += lines;
  changed_.notify_all();
}

void log_source::print_long_line(std::uint64_t bytes) {
  const std::lock_guard lock(mutex_);
  long_lines_[++printed_] = bytes;
  changed_.notify_all();
}

void log_source::exit() {
  const std::lock_guard lock(mutex_);
  running_ = false;
  changed_.notify_all();
}

std::uint64_t log_source::printed() const {
  const std::lock_guard lock(mutex_);
  return printed_;
}

}  // namespace spillway::system_test
