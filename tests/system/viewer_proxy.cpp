#include "system/viewer_proxy.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>

namespace spillway::system_test {
namespace {

/// Of its sockets: little is on the way while a stream is held back.
constexpr int buffer_bytes = 32 << 10;

bool forward(int to, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto count = ::send(to, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

std::uint8_t byte(const std::string& header, std::size_t at) {
  return static_cast<std::uint8_t>(header[at]);
}

/// The size of a server's frame header (RFC 6455 section 5.2), of which two bytes are there.
std::size_t header_size(const std::string& header) {
  const auto length = byte(header, 1) & 0x7f;
  return length == 126 ? 4 : length == 127 ? 10 : 2;
}

std::uint64_t payload_size(const std::string& header) {
  if (header.size() == 2) return byte(header, 1) & 0x7f;
  std::uint64_t size = 0;
  for (std::size_t i = 2; i < header.size(); ++i) size = size << 8 | byte(header, i);
  return size;
}

}  // namespace

struct viewer_proxy::connection {
  int client = -1;
  int server = -1;
  std::thread requests;
  std::thread answers;

  void cut() const {
    ::shutdown(client, SHUT_RDWR);
    ::shutdown(server, SHUT_RDWR);
  }
  ~connection() {
    cut();
    if (requests.joinable()) requests.join();
    if (answers.joinable()) answers.join();
    ::close(client);
    ::close(server);
  }
};

viewer_proxy::viewer_proxy(address server) : server_(std::move(server)) {
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof at;
  auto* const name = reinterpret_cast<sockaddr*>(&at);
  if (::bind(listener_, name, size) != 0 || ::listen(listener_, 128) != 0 ||
      ::getsockname(listener_, name, &size) != 0) {
    ::close(listener_);
    throw std::runtime_error("the proxy cannot listen");
  }
  where_ = {"", "127.0.0.1", ntohs(at.sin_port)};
  acceptor_ = std::thread([this] { accept_all(); });
}

viewer_proxy::~viewer_proxy() {
  ::shutdown(listener_, SHUT_RDWR);
  acceptor_.join();
  ::close(listener_);
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
    changed_.notify_all();
  }
  connections_.clear();
}

void viewer_proxy::accept_all() {
  for (;;) {
    const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (client < 0) return;
    ::setsockopt(client, SOL_SOCKET, SO_SNDBUF, &buffer_bytes, sizeof buffer_bytes);
    const std::lock_guard lock(mutex_);
    auto& on = *connections_.emplace_back(std::make_unique<connection>());
    on.client = client;
    on.server = connect_to(server_, buffer_bytes);
    if (on.server < 0) {
      connections_.pop_back();
      continue;
    }
    on.requests = std::thread([this, &on] { pump_requests(on); });
    on.answers = std::thread([this, &on] { pump_answers(on); });
  }
}

void viewer_proxy::pump_requests(connection& on) const {
  std::array<char, 16384> buffer{};
  for (;;) {
    const auto count = ::recv(on.client, buffer.data(), buffer.size(), 0);
    if (count <= 0 || !forward(on.server, {buffer.data(), static_cast<std::size_t>(count)})) break;
  }
  ::shutdown(on.server, SHUT_WR);
}

void viewer_proxy::pump_answers(connection& on) {
  std::array<char, 16384> buffer{};
  reader at;
  while (wait_until_let_through()) {
    const auto count = ::recv(on.server, buffer.data(), buffer.size(), 0);
    if (count <= 0) break;
    const std::string_view bytes(buffer.data(), static_cast<std::size_t>(count));
    look_at(at, bytes);
    if (!forward(on.client, bytes)) break;
  }
  on.cut();
}

bool viewer_proxy::wait_until_let_through() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return !held_back_ || ending_; });
  return !ending_;
}

void viewer_proxy::cut_all() {
  const std::lock_guard lock(mutex_);
  for (const auto& on : connections_) on->cut();
}

void viewer_proxy::go_to(address server) {
  const std::lock_guard lock(mutex_);
  server_ = std::move(server);
}

void viewer_proxy::hold_back() {
  const std::lock_guard lock(mutex_);
  held_back_ = true;
}

void viewer_proxy::let_through() {
  const std::lock_guard lock(mutex_);
  held_back_ = false;
  changed_.notify_all();
}

seen_frames viewer_proxy::seen() const {
  const std::lock_guard lock(mutex_);
  return seen_;
}

void viewer_proxy::look_at(reader& at, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto passed = std::min<std::uint64_t>(at.payload_left, bytes.size());
    bytes.remove_prefix(passed);
    at.payload_left -= passed;
    if (bytes.empty()) return;
    at.header += bytes.front();
    bytes.remove_prefix(1);
    if (!at.upgraded) {
      if (!at.header.ends_with("\r\n\r\n")) continue;
      at.upgraded = at.header.find("HTTP/1.1 101") != std::string::npos;
      at.header.clear();
    } else if (at.header.size() >= 2 && at.header.size() == header_size(at.header)) {
      at.payload_left = payload_size(at.header);
      note_frame(at.header, at.payload_left);
      at.header.clear();
    }
  }
}

void viewer_proxy::note_frame(const std::string& header, std::uint64_t payload) {
  if ((byte(header, 0) & 0x0f) != 1) return;
  const std::lock_guard lock(mutex_);
  seen_.compressed.push_back((byte(header, 0) & 0x40) != 0);
  seen_.wire_bytes += header.size() + payload;
}

}  // namespace spillway::system_test
