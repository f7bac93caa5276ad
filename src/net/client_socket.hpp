// A client's connection, plain or over TLS.
#pragma once

#include <sys/uio.h>

#include <boost/asio/buffer.hpp>
#include <cstdint>
#include <memory>
#include <span>
#include <variant>

#include "net/socket.hpp"

struct ssl_ctx_st;

namespace spillway::net {

class tls_socket;

/// An AsyncStream (Boost.Beast's concept) with what our own queue needs beside it: operations that
/// are tried at once. A plain one costs no more than its socket. May be moved while nothing waits
/// on it. Context: the socket's strand.
class client_socket {
 public:
  using executor_type = strand_type;

  explicit client_socket(tcp_socket socket);
  /// Over TLS: the first read does the handshake (tls_socket).
  client_socket(tcp_socket socket, ssl_ctx_st& context);
  client_socket(client_socket&&) noexcept;
  ~client_socket();

  executor_type get_executor() { return tcp().get_executor(); }
  /// For options and waits; reading or writing it would go past TLS.
  tcp_socket& tcp();
  bool secure() const { return tls_of() != nullptr; }

  /// One call of `sendmsg`, or one TLS record. After `would_block`, which `async_wait_for_room`
  /// waits out, the next call must offer the same bytes again.
  std::size_t send_some(std::span<const iovec> parts, boost::system::error_code& error);
  std::size_t read_some(boost::asio::mutable_buffer into, boost::system::error_code& error);
  /// No more bytes from us: close_notify over TLS, then the end of our direction of TCP. May have
  /// to wait for room.
  void finish_sending(boost::system::error_code& error);
  /// Closes the socket; with `drop`, without a word and with what the kernel still holds.
  void close(bool drop = false);

  /// Bytes that the socket took, those of TLS itself included.
  std::uint64_t bytes_taken() const;
  /// Bytes that the socket took and the client's system has not acknowledged, tcp(7), SIOCOUTQ; 0
  /// where that is not known.
  std::size_t bytes_on_their_way();

  template <class Handler>
  void async_wait_for_room(Handler&& handler);
  /// Waits until something can be read; bytes that TLS has decrypted already count.
  template <class Handler>
  void async_wait_readable(Handler&& handler);

  template <class MutableBuffers, class Handler>
  auto async_read_some(const MutableBuffers& buffers, Handler&& handler);
  template <class ConstBuffers, class Handler>
  auto async_write_some(const ConstBuffers& buffers, Handler&& handler);

 private:
  tls_socket* tls_of() const;

  std::variant<tcp_socket, std::shared_ptr<tls_socket>> socket_;
  std::uint64_t bytes_taken_ = 0;
};

}  // namespace spillway::net

#include "net/client_socket.ipp"
