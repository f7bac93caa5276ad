#include "bench/feeder.hpp"

#include <errno.h>
#include <fmt/format.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstring>
#include <ctime>
#include <map>
#include <mutex>
#include <optional>
#include <thread>

#include "bench/clock.hpp"
#include "bench/line_maker.hpp"
#include "bench/pacing.hpp"
#include "bench/stop_request.hpp"
#include "bench/unique_fd.hpp"

namespace spillway::bench {
namespace {

constexpr std::size_t max_pending = 1024 * 1024;
constexpr std::size_t max_turn = 512 * 1024;
constexpr std::size_t max_request = 16 * 1024;

unique_fd listen_on(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) throw failure("the path is too long: " + path);
  std::memcpy(address.sun_path, path.c_str(), path.size());
  unique_fd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      ::listen(fd.get(), 128) != 0) {
    throw failure("the feeder cannot listen on " + path);
  }
  return fd;
}

}  // namespace

/// Context: its own thread, where not said otherwise.
class feeder::engine {
 public:
  engine(const std::string& path, std::vector<fed_container> containers, std::size_t text_bytes)
      : containers_(std::move(containers)),
        logs_(containers_.size()),
        lines_(text_bytes, /*seed=*/1),
        listener_(listen_on(path)),
        wake_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)),
        epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
    watch(listener_.get(), EPOLLIN);
    watch(wake_.get(), EPOLLIN);
    thread_ = std::thread([this] { run(); });
  }
  ~engine() {
    stopping_ = true;
    wake();
    thread_.join();
  }

  struct log {
    pacing pace;
    std::uint32_t next_number = 0;
  };
  /// Context: any thread.
  template <class Change>
  auto with_log(std::size_t app, Change change) {
    const std::lock_guard lock(mutex_);
    return change(logs_.at(app));
  }
  /// Context: any thread.
  void wake() {
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(wake_.get(), &one, sizeof one);
  }

 private:
  /// One request and its answer: a connection ends after it.
  struct connection {
    unique_fd fd;
    std::string request;
    std::string out;
    std::size_t written = 0;
    bool answered = false;
    /// HTTP/1.0 knows no chunks: the body goes on until the end of the connection.
    bool chunked = true;
    std::optional<std::size_t> follows;

    std::size_t pending() const { return out.size() - written; }
  };
  static void append_chunk(connection& to, std::string_view bytes);
  void run();
  void watch(int fd, std::uint32_t events, int operation = EPOLL_CTL_ADD);
  timespec time_to_next();
  void accept_all();
  void on_ready(int fd, std::uint32_t events);
  void read_request(connection& c);
  void answer(connection& c, std::string_view first_line);
  bool flush(connection& c);
  void drop(int fd);
  void produce(std::size_t app, std::int64_t now);
  bool has_room(std::size_t app) const;

  std::vector<fed_container> containers_;
  mutable std::mutex mutex_;
  std::vector<log> logs_;
  line_maker lines_;
  unique_fd listener_;
  unique_fd wake_;
  unique_fd epoll_;
  std::map<int, connection> connections_;
  std::string scratch_;
  std::atomic<bool> stopping_ = false;
  std::thread thread_;
};

void feeder::engine::run() {
  // Lines are to leave when they are due. Both are refused without the right to it, and then the
  // figures are a little worse for every server alike.
  ::prctl(PR_SET_TIMERSLACK, 1);
  ::setpriority(PRIO_PROCESS, 0, -20);
  try {
    while (!stopping_) {
      std::array<epoll_event, 64> events;
      const timespec wait = time_to_next();
      const int ready = ::epoll_pwait2(epoll_.get(), events.data(), events.size(), &wait, nullptr);
      for (int i = 0; i < ready; ++i) on_ready(events[i].data.fd, events[i].events);
      for (std::size_t app = 0; app < logs_.size(); ++app) produce(app, monotonic_ns());
    }
  } catch (const std::exception& e) {
    request_stop(std::string("the feeder failed: ") + e.what());
  }
}

void feeder::engine::watch(int fd, std::uint32_t events, int operation) {
  epoll_event event{};
  event.events = events;
  event.data.fd = fd;
  ::epoll_ctl(epoll_.get(), operation, fd, &event);
}

timespec feeder::engine::time_to_next() {
  const std::lock_guard lock(mutex_);
  std::int64_t wait = 1'000'000'000;
  const std::int64_t now = monotonic_ns();
  for (std::size_t app = 0; app < logs_.size(); ++app) {
    const log& l = logs_[app];
    // A follower that makes room wakes us by itself.
    if (l.pace.busy() && has_room(app)) wait = std::min(wait, l.pace.next_ns() - now);
  }
  wait = std::max<std::int64_t>(wait, 0);
  return {wait / 1'000'000'000, wait % 1'000'000'000};
}

void feeder::engine::on_ready(int fd, std::uint32_t events) {
  if (fd == listener_.get()) return accept_all();
  if (fd == wake_.get()) {
    std::uint64_t count = 0;
    [[maybe_unused]] const auto size = ::read(fd, &count, sizeof count);
    return;
  }
  const auto found = connections_.find(fd);
  if (found == connections_.end()) return;
  connection& c = found->second;
  if (c.answered && (events & (EPOLLHUP | EPOLLERR | EPOLLRDHUP)) != 0) return drop(fd);
  if (!c.answered) read_request(c);
  if (c.answered && !flush(c)) drop(fd);
}

void feeder::engine::accept_all() {
  for (;;) {
    const int fd = ::accept4(listener_.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0) return;
    connections_[fd].fd = unique_fd(fd);
    watch(fd, EPOLLIN | EPOLLRDHUP);
  }
}

void feeder::engine::read_request(connection& c) {
  std::array<char, 4096> buffer;
  const auto size = ::read(c.fd.get(), buffer.data(), buffer.size());
  if (size < 0 && errno == EAGAIN) return;
  if (size > 0) c.request.append(buffer.data(), static_cast<std::size_t>(size));
  const bool whole = c.request.find("\r\n\r\n") != std::string::npos;
  if (size <= 0 || c.request.size() > max_request) {
    c.answered = true;  // with nothing: `flush` ends it
  } else if (whole) {
    answer(c, std::string_view(c.request).substr(0, c.request.find("\r\n")));
  }
}

/// `GET /v1.41/containers/json HTTP/1.1`
void feeder::engine::answer(connection& c, std::string_view first_line) {
  const auto begin = first_line.find(' ') + 1;
  const auto end = std::min(first_line.find(' ', begin), first_line.size());
  const auto answer = answer_request(first_line.substr(begin, end - begin), containers_);
  c.answered = true;
  c.chunked = first_line.ends_with("HTTP/1.1");
  c.out = fmt::format("HTTP/1.1 {} {}\r\nServer: bench\r\nConnection: close\r\n", answer.status,
                      answer.status == 200 ? "OK" : "Not Found");
  if (!answer.log) {
    c.out += fmt::format("Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{}",
                         answer.body.size(), answer.body);
    return;
  }
  c.out += "Content-Type: application/vnd.docker.raw-stream\r\n";
  c.out += c.chunked ? "Transfer-Encoding: chunked\r\n\r\n" : "\r\n";
  if (!answer.follow) {
    if (c.chunked) c.out += "0\r\n\r\n";
    return;
  }
  c.follows = answer.log;
}

/// False when the connection is over.
bool feeder::engine::flush(connection& c) {
  while (c.pending() > 0) {
    const auto size =
        ::send(c.fd.get(), c.out.data() + c.written, c.pending(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (size < 0 && errno == EAGAIN) {
      watch(c.fd.get(), EPOLLIN | EPOLLRDHUP | EPOLLOUT, EPOLL_CTL_MOD);
      return true;
    }
    if (size <= 0) return false;
    c.written += static_cast<std::size_t>(size);
  }
  c.out.clear();
  c.written = 0;
  watch(c.fd.get(), EPOLLRDHUP, EPOLL_CTL_MOD);
  return c.follows.has_value();
}

void feeder::engine::append_chunk(connection& to, std::string_view bytes) {
  if (to.written >= max_pending) {
    to.out.erase(0, to.written);
    to.written = 0;
  }
  if (to.chunked) to.out += fmt::format("{:x}\r\n", bytes.size());
  to.out.append(bytes);
  if (to.chunked) to.out += "\r\n";
}

void feeder::engine::drop(int fd) {
  connections_.erase(fd);
}

bool feeder::engine::has_room(std::size_t app) const {
  bool followed = false;
  for (const auto& [fd, c] : connections_) {
    if (c.follows != app) continue;
    followed = true;
    if (c.pending() >= max_pending) return false;
  }
  return followed;
}

void feeder::engine::produce(std::size_t app, std::int64_t now) {
  {
    const std::lock_guard lock(mutex_);
    log& l = logs_[app];
    if (l.pace.due(now) == 0 || !has_room(app)) return;
    const auto count = std::min<std::uint64_t>(l.pace.due(now), max_turn / lines_.entry_size());
    timespec wall{};
    ::clock_gettime(CLOCK_REALTIME, &wall);
    const std::int64_t at = wall.tv_sec * 1'000'000'000LL + wall.tv_nsec;
    scratch_.clear();
    for (std::uint64_t i = 0; i < count; ++i) {
      const std::chrono::nanoseconds stamp(at + static_cast<std::int64_t>(i));
      lines_.append_entry(scratch_, l.next_number++, now / 1000, protocol::timestamp(stamp));
    }
    l.pace.produced(count, now);
  }
  std::vector<int> gone;
  for (auto& [fd, c] : connections_) {
    if (c.follows != app) continue;
    const bool waits = c.pending() > 0;
    append_chunk(c, scratch_);
    if (!waits && !flush(c)) gone.push_back(fd);
  }
  for (int fd : gone) drop(fd);
}

feeder::feeder(const std::string& socket_path, std::vector<fed_container> containers,
               std::size_t text_bytes)
    : engine_(std::make_unique<engine>(socket_path, std::move(containers), text_bytes)) {}

feeder::~feeder() = default;

void feeder::start(std::size_t app, double lines_per_second, std::uint64_t lines) {
  engine_->with_log(app,
                    [&](engine::log& l) { l.pace.start(lines_per_second, lines, monotonic_ns()); });
  engine_->wake();
}

void feeder::stop(std::size_t app) {
  engine_->with_log(app, [](engine::log& l) { l.pace.stop(); });
}

std::uint32_t feeder::next_number(std::size_t app) const {
  return engine_->with_log(app, [](const engine::log& l) { return l.next_number; });
}

}  // namespace spillway::bench
