#include "system/bare_client.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <utility>

namespace spillway::system_test {

bare_client::bare_client(const address& where, int receive_buffer_bytes)
    : fd_(connect_to(where, receive_buffer_bytes)) {}

bare_client::bare_client(bare_client&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

bare_client::~bare_client() {
  close();
}

bool bare_client::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto n = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

std::string bare_client::receive(std::size_t most) {
  pollfd ready{fd_, POLLIN, 0};
  constexpr int limit_ms = std::chrono::milliseconds(patience).count();
  if (::poll(&ready, 1, limit_ms) <= 0) return "";
  std::string bytes(most, '\0');
  const auto n = ::recv(fd_, bytes.data(), bytes.size(), 0);
  bytes.resize(n > 0 ? static_cast<std::size_t>(n) : 0);
  return bytes;
}

bool bare_client::has_input(int milliseconds) const {
  pollfd ready{fd_, POLLIN, 0};
  return ::poll(&ready, 1, milliseconds) > 0;
}

bool bare_client::upgraded() {
  std::string header;
  while (!header.ends_with("\r\n\r\n")) {
    const auto byte = receive(1);
    if (byte.empty()) return false;
    header += byte;
  }
  return header.starts_with("HTTP/1.1 101");
}

bool bare_client::wait_for_end() {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (!receive(65536).empty()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
  }
  return std::chrono::steady_clock::now() < deadline;
}

std::string bare_client::receive_all() {
  std::string all;
  for (auto some = receive(65536); !some.empty(); some = receive(65536)) all += some;
  return all;
}

void bare_client::end_sending() {
  ::shutdown(fd_, SHUT_WR);
}

void bare_client::reset() {
  const linger at_once{1, 0};
  ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  close();
}

void bare_client::close() {
  if (fd_ >= 0) ::close(std::exchange(fd_, -1));
}

std::string upgrade_request(const std::string& target, const std::string& token) {
  return "GET " + target +
         " HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
         "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
         "Authorization: Bearer " +
         token + "\r\n\r\n";
}

}  // namespace spillway::system_test
