#include "fuzz/connection.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <boost/asio/strand.hpp>

#include "fuzz/require.hpp"

namespace spillway::fuzz {
namespace {

/// Far more than an input of any length can need.
constexpr std::size_t most_turns = 1'000'000;

}  // namespace

client_end::client_end() {
  int pair[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, pair) != 0) {
    fail("there are sockets");
  }
  fd_ = pair[0];
  server_fd_ = pair[1];
}

client_end::~client_end() {
  ::close(fd_);
  if (server_fd_ >= 0) ::close(server_fd_);
}

net::tcp_socket client_end::server_end(boost::asio::io_context& io) {
  net::tcp_socket socket(boost::asio::make_strand(io));
  socket.assign(boost::asio::ip::tcp::v4(), std::exchange(server_fd_, -1));
  return socket;
}

void client_end::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

void client_end::finish_sending() {
  ::shutdown(fd_, SHUT_WR);
}

std::string client_end::receive() {
  std::string all;
  std::array<char, 65536> piece;
  for (;;) {
    const auto got = ::recv(fd_, piece.data(), piece.size(), 0);
    if (got > 0) {
      all.append(piece.data(), static_cast<std::size_t>(got));
      continue;
    }
    // A reset tells that the server left something unread.
    if (got == 0 || errno == ECONNRESET) ended_ = true;
    return all;
  }
}

void stepped_io::settle() {
  for (std::size_t turns = 0; context.poll() > 0; ++turns) {
    if (turns > most_turns) fail("the server comes to rest");
  }
}

}  // namespace spillway::fuzz
