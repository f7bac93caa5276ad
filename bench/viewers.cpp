#include "bench/viewers.hpp"

#include <arpa/inet.h>
#include <errno.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "bench/clock.hpp"
#include "bench/stop_request.hpp"

namespace spillway::bench {
namespace {

constexpr std::size_t receive_size = 256 * 1024;
/// Room in front of what is received for the beginning of a frame that came before.
constexpr std::size_t partial_room = 128 * 1024;
constexpr double open_timeout_seconds = 60;
/// One viewer of so many looks at every line's number, and inflates for real.
constexpr std::size_t thorough_share = 16;
constexpr std::size_t inflating_share = 50;
/// The example of RFC 6455 section 1.3.
constexpr std::string_view key = "dGhlIHNhbXBsZSBub25jZQ==";
constexpr std::string_view expected_answer = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

std::string upgrade_request(const viewer_kind& kind) {
  std::string text = fmt::format(
      "GET {} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {}\r\n",
      kind.path, kind.port, key);
  if (!kind.token.empty()) text += "Authorization: Bearer " + kind.token + "\r\n";
  // As Chromium offers it.
  if (kind.offers_compression) {
    text += "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n";
  }
  return text + "\r\n";
}

}  // namespace

std::uint64_t viewer_group::skipped() const {
  std::uint64_t sum = 0;
  for (const auto& v : viewers_) sum += v->tally.skipped;
  return sum;
}

std::uint64_t viewer_group::gaps() const {
  std::uint64_t sum = 0;
  for (const auto& v : viewers_) sum += v->tally.gaps;
  return sum;
}

std::size_t viewer_group::gone() const {
  return static_cast<std::size_t>(std::count_if(viewers_.begin(), viewers_.end(), [](auto& v) {
    tcp_info info{};
    socklen_t size = sizeof info;
    return !v->fd || ::getsockopt(v->fd.get(), IPPROTO_TCP, TCP_INFO, &info, &size) != 0 ||
           info.tcpi_state != TCP_ESTABLISHED;
  }));
}

void viewer_group::begin(std::uint32_t next, std::uint32_t goal, std::uint32_t sample_every) {
  goal_ = goal;
  has_goal_ = true;
  reached_ = 0;
  tally_.latency = {};
  tally_.sample_every = sample_every;
  for (auto& v : viewers_) {
    if (!v->tally.next && v->tally.unread > 0) v->tally.next = next;
    v->reached = v->tally.next && static_cast<std::int32_t>(*v->tally.next - goal) >= 0;
    if (v->reached) ++reached_;
  }
}

viewer_pool::viewer_pool()
    : epoll_(::epoll_create1(EPOLL_CLOEXEC)),
      prompt_epoll_(::epoll_create1(EPOLL_CLOEXEC)),
      buffer_(partial_room + receive_size) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.ptr = nullptr;
  ::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, prompt_epoll_.get(), &event);
}

viewer_pool::~viewer_pool() = default;

viewer_group& viewer_pool::add_group(const viewer_kind& kind) {
  auto& group = *groups_.emplace_back(std::make_unique<viewer_group>());
  group.kind_ = kind;
  if (kind.how == reading::prompt) has_prompt_ = true;
  return group;
}

void viewer_pool::leave_longest(viewer_group& group) {
  group.viewers_.erase(group.viewers_.begin());
}

viewer_group& viewer_pool::open(const viewer_kind& kind, std::size_t count, std::size_t in_flight) {
  auto& group = add_group(kind);
  group.wanted_ = count;
  group.viewers_.reserve(count);
  while (group.viewers_.size() < std::min(count, in_flight)) connect(group);
  if (!run_until([&] { return group.open_ == count; }, open_timeout_seconds)) {
    throw failure(fmt::format("only {} of {} viewers could connect", group.open_, count));
  }
  return group;
}

bool viewer_pool::run_until(const std::function<bool()>& done, double seconds) {
  const auto end = monotonic_ns() + static_cast<std::int64_t>(seconds * 1e9);
  while (!done()) {
    throw_if_stopped();
    const auto left = (end - monotonic_ns()) / 1'000'000;
    if (left <= 0) return false;
    turn(static_cast<int>(std::min<std::int64_t>(left, 10)));
  }
  return true;
}

void viewer_pool::run_for(double seconds) {
  run_until([] { return false; }, seconds);
}

void viewer_pool::close(const viewer_group& group) {
  std::erase_if(groups_, [&](const auto& held) { return held.get() == &group; });
}

void viewer_pool::turn(int timeout_ms) {
  std::array<epoll_event, 256> events;
  const int ready = ::epoll_wait(epoll_.get(), events.data(), events.size(), timeout_ms);
  for (int i = 0; i < ready; ++i) {
    if (has_prompt_) drain_prompt();
    if (events[i].data.ptr) on_ready(*static_cast<viewer*>(events[i].data.ptr), events[i].events);
  }
}

void viewer_pool::drain_prompt() {
  std::array<epoll_event, 256> events;
  const int ready = ::epoll_wait(prompt_epoll_.get(), events.data(), events.size(), 0);
  for (int i = 0; i < ready; ++i) {
    on_ready(*static_cast<viewer*>(events[i].data.ptr), events[i].events);
  }
}

int viewer_pool::epoll_of(const viewer& v) const {
  return (v.group->kind_.how == reading::prompt ? prompt_epoll_ : epoll_).get();
}

void viewer_pool::watch(viewer& v, std::uint32_t events, int operation) {
  epoll_event event{};
  event.events = events;
  event.data.ptr = &v;
  ::epoll_ctl(epoll_of(v), operation, v.fd.get(), &event);
}

void viewer_pool::connect(viewer_group& group) {
  auto& v = *group.viewers_.emplace_back(std::make_unique<viewer>());
  const std::size_t number = group.viewers_.size() - 1;
  v.group = &group;
  v.thorough = number % thorough_share == 0;
  if (group.kind_.offers_compression && number % inflating_share == 0) {
    v.inflater = std::make_unique<message_inflater>();
  }
  v.fd = unique_fd(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!v.fd) throw failure("no more sockets: raise the limit of open files (ulimit -n)");
  const int one = 1;
  ::setsockopt(v.fd.get(), IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  // Closed by a reset: thousands of closed connections would keep their ports for a minute.
  const linger reset{1, 0};
  ::setsockopt(v.fd.get(), SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(group.kind_.port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(v.fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 &&
      errno != EINPROGRESS) {
    throw failure(std::string("cannot connect to the server: ") + std::strerror(errno));
  }
  watch(v, EPOLLOUT, EPOLL_CTL_ADD);
}

void viewer_pool::on_ready(viewer& v, std::uint32_t events) {
  if ((events & EPOLLOUT) != 0 && !v.upgraded) send_upgrade(v);
  if ((events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0) receive(v);
}

void viewer_pool::send_upgrade(viewer& v) {
  const std::string request = upgrade_request(v.group->kind_);
  const auto sent = ::send(v.fd.get(), request.data(), request.size(), MSG_NOSIGNAL);
  if (sent != static_cast<ssize_t>(request.size())) throw failure("an upgrade could not be sent");
  watch(v, EPOLLIN, EPOLL_CTL_MOD);
}

void viewer_pool::receive(viewer& v) {
  char* const begin = buffer_.data() + partial_room - v.partial.size();
  std::memcpy(begin, v.partial.data(), v.partial.size());
  const auto size = ::recv(v.fd.get(), buffer_.data() + partial_room, receive_size, 0);
  if (size < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (size <= 0) {
    if (!v.upgraded) throw failure("the server closed a connection instead of upgrading it");
    v.fd.reset();
    return;
  }
  v.group->bytes_ += static_cast<std::size_t>(size);
  std::string_view bytes(begin, v.partial.size() + static_cast<std::size_t>(size));
  if (!v.upgraded) bytes.remove_prefix(finish_upgrade(v, bytes));
  if (v.upgraded) {
    take_frames(v, bytes);
  } else {
    v.partial = bytes;
  }
}

/// Returns the size of the answer's header once it is whole.
std::size_t viewer_pool::finish_upgrade(viewer& v, std::string_view bytes) {
  const auto end = bytes.find("\r\n\r\n");
  if (end == std::string_view::npos) return 0;
  const auto header = bytes.substr(0, end);
  if (!header.starts_with("HTTP/1.1 101") || header.find(expected_answer) == header.npos) {
    throw failure("an upgrade was refused: " + std::string(header.substr(0, header.find('\r'))));
  }
  viewer_group& group = *v.group;
  if (header.find("permessage-deflate") != header.npos) group.compressed_ = true;
  v.upgraded = true;
  ++group.open_;
  if (group.viewers_.size() < group.wanted_) connect(group);
  if (group.kind_.how == reading::none) watch(v, 0, EPOLL_CTL_DEL);
  return end + 4;
}

void viewer_pool::take_frames(viewer& v, std::string_view bytes) {
  viewer_group& group = *v.group;
  const auto taken =
      group.counter_.take(bytes, monotonic_us(), v.thorough, v.tally, v.inflater.get());
  const auto rest = bytes.substr(taken);
  if (rest.size() > partial_room) throw failure("the server sent a frame of unexpected length");
  v.partial.assign(rest);
  if (!v.tally.answers.empty()) {
    ::send(v.fd.get(), v.tally.answers.data(), v.tally.answers.size(), MSG_NOSIGNAL);
    v.tally.answers.clear();
  }
  if (!v.tally.next && v.tally.unread == 0) return;
  if (!std::exchange(v.begun, true)) ++group.begun_;
  if (!v.tally.next || v.reached || !group.has_goal_) return;
  // Numbers may wrap around, so the difference decides.
  v.reached = static_cast<std::int32_t>(*v.tally.next - group.goal_) >= 0;
  if (v.reached) ++group.reached_;
}

}  // namespace spillway::bench
