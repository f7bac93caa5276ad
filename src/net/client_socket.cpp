#include "net/client_socket.hpp"

#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <array>
#include <boost/asio/error.hpp>
#include <cerrno>
#include <cstring>

#include "net/tls_socket.hpp"

namespace spillway::net {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

tcp_socket non_blocking(tcp_socket socket) {
  error_code ignored;
  socket.non_blocking(true, ignored);
  return socket;
}

/// One piece, as a line to a viewer who keeps up is, costs the kernel less than a list of them.
ssize_t send_parts(int fd, std::span<const iovec> parts) {
  constexpr int flags = MSG_NOSIGNAL | MSG_DONTWAIT;
  if (parts.size() == 1) return ::send(fd, parts[0].iov_base, parts[0].iov_len, flags);
  msghdr message{};
  message.msg_iov = const_cast<iovec*>(parts.data());
  message.msg_iovlen = parts.size();
  return ::sendmsg(fd, &message, flags);
}

std::size_t send_plain(int fd, std::span<const iovec> parts, error_code& error) {
  for (;;) {
    auto n = send_parts(fd, parts);
    if (n >= 0) return static_cast<std::size_t>(n);
    if (errno == EINTR) continue;
    if (errno == EAGAIN || errno == EWOULDBLOCK) {
      error = asio::error::would_block;
    } else {
      error = {errno, boost::system::system_category()};
    }
    return 0;
  }
}

/// The bytes of the next record: where they lie if the first part fills it, else put together,
/// since every record has its price. The same parts always make the same record.
asio::const_buffer one_record(std::span<const iovec> parts) {
  if (parts.empty()) return {};
  if (parts.size() == 1 || parts[0].iov_len >= tls_socket::max_record_bytes) {
    return {parts[0].iov_base, std::min(parts[0].iov_len, tls_socket::max_record_bytes)};
  }
  static thread_local std::array<char, tls_socket::max_record_bytes> record;
  std::size_t used = 0;
  for (const auto& part : parts) {
    auto n = std::min(part.iov_len, record.size() - used);
    std::memcpy(record.data() + used, part.iov_base, n);
    used += n;
    if (used == record.size()) break;
  }
  return {record.data(), used};
}

}  // namespace

client_socket::client_socket(tcp_socket socket) : socket_(non_blocking(std::move(socket))) {}

client_socket::client_socket(tcp_socket socket, ssl_ctx_st& context)
    : socket_(std::make_shared<tls_socket>(non_blocking(std::move(socket)), context)) {}

client_socket::client_socket(client_socket&&) noexcept = default;

client_socket::~client_socket() {
  // A wait may hold the TLS socket, but not open: nobody is left to read or write it.
  if (auto* tls = tls_of()) tls->close();
}

tls_socket* client_socket::tls_of() const {
  auto* tls = std::get_if<std::shared_ptr<tls_socket>>(&socket_);
  return tls == nullptr ? nullptr : tls->get();
}

tcp_socket& client_socket::tcp() {
  auto* tls = tls_of();
  return tls == nullptr ? std::get<tcp_socket>(socket_) : tls->tcp();
}

std::size_t client_socket::send_some(std::span<const iovec> parts, error_code& error) {
  error = {};
  if (auto* tls = tls_of()) return tls->write_some(one_record(parts), error);
  auto n = send_plain(std::get<tcp_socket>(socket_).native_handle(), parts, error);
  bytes_taken_ += n;
  return n;
}

std::size_t client_socket::read_some(asio::mutable_buffer into, error_code& error) {
  if (auto* tls = tls_of()) return tls->read_some(into, error);
  return tcp().read_some(asio::buffer(into), error);
}

void client_socket::finish_sending(error_code& error) {
  if (auto* tls = tls_of()) return tls->finish_sending(error);
  tcp().shutdown(tcp_socket::shutdown_send, error);
}

void client_socket::close(bool drop) {
  error_code ignored;
  auto* tls = tls_of();
  if (tls != nullptr && !drop) return tls->close();
  if (drop && tcp().is_open()) tcp().set_option(asio::socket_base::linger(true, 0), ignored);
  tcp().close(ignored);
}

std::size_t client_socket::bytes_on_their_way() {
  int bytes = 0;
  if (::ioctl(tcp().native_handle(), SIOCOUTQ, &bytes) != 0 || bytes < 0) return 0;
  return static_cast<std::size_t>(bytes);
}

std::uint64_t client_socket::bytes_taken() const {
  auto* tls = tls_of();
  return tls == nullptr ? bytes_taken_ : tls->bytes_taken();
}

}  // namespace spillway::net
