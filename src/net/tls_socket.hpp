// TLS on a client's socket.
#pragma once

#include <boost/asio/buffer.hpp>
#include <cstdint>
#include <memory>
#include <string>

#include "net/completion.hpp"
#include "net/socket.hpp"

struct bio_st;
struct bio_method_st;
struct ssl_ctx_st;
struct ssl_st;

namespace spillway::net {

/// The server's side of a TLS connection. OpenSSL reads and writes the non-blocking socket itself:
/// nothing is buffered between the two, what can be done at once is done at once, and an idle
/// connection holds no record buffers. The first read does the handshake, so it falls under the
/// deadline of whoever reads. A client that begins with a request of plain HTTP is answered 400
/// before the failure is returned.
///
/// Errors: `would_block` (wait for `wanted`), `eof` for the client's close_notify,
/// `ssl::error::stream_truncated` where its TCP connection ended without one, the socket's own
/// errors, and OpenSSL's.
///
/// Context: the socket's strand. One reader and one writer at a time. Held by shared_ptr, since a
/// wait for the socket can outlive its owner.
class tls_socket : public std::enable_shared_from_this<tls_socket> {
 public:
  /// What fits into one record (RFC 8446, section 5.1).
  static constexpr std::size_t max_record_bytes = 16 << 10;

  /// Keeps a share in the context. Where memory is short every operation fails with `no_memory`.
  tls_socket(tcp_socket socket, ssl_ctx_st& context);
  ~tls_socket();
  tls_socket(const tls_socket&) = delete;
  tls_socket& operator=(const tls_socket&) = delete;

  tcp_socket& tcp() { return socket_; }

  /// Reads what is there, at most to the end of a record. May return `would_block` although there
  /// is more, so that others have their turn; a wait ends at once then.
  std::size_t read_some(boost::asio::mutable_buffer into, boost::system::error_code& error);
  /// Sends one record with the beginning of `bytes`. After `would_block` the record may be out in
  /// part: the next call must offer the same bytes again.
  std::size_t write_some(boost::asio::const_buffer bytes, boost::system::error_code& error);
  /// Sends close_notify, then ends our direction of the TCP connection.
  void finish_sending(boost::system::error_code& error);
  /// Closes the socket, with close_notify where it can be sent at once.
  void close();

  /// What the last `would_block` lacked.
  tcp_socket::wait_type wanted() const { return wanted_; }
  /// Whether decrypted bytes are left of the last record, for which the socket will not call.
  bool has_pending() const;
  /// Bytes that the socket took: records, not what is in them.
  std::uint64_t bytes_taken() const { return bytes_taken_; }

  void async_read_some(boost::asio::mutable_buffer into, std::unique_ptr<io_completion> done);
  /// Sends at most a record of `bytes`.
  void async_write_some(std::string bytes, std::unique_ptr<io_completion> done);

 private:
  /// Of one call; a record takes two. OpenSSL has loops that no mode ends, as over what it ignores
  /// within a handshake, or ClientHellos that it may not follow: a client would feed them for ever.
  static constexpr int max_receptions = 16;

  static bio_method_st* socket_method();
  static int on_write(bio_st* bio, const char* data, int size);
  static int on_read(bio_st* bio, char* data, int size);

  bool usable(boost::system::error_code& error);
  boost::system::error_code failure(int result);
  void close_notify(boost::system::error_code& error);

  tcp_socket socket_;
  std::unique_ptr<ssl_st, void (*)(ssl_st*)> ssl_;
  std::uint64_t bytes_taken_ = 0;
  int receptions_left_ = 0;
  tcp_socket::wait_type wanted_ = tcp_socket::wait_read;
  /// The socket's last failure; OpenSSL does not hand it on.
  boost::system::error_code io_error_;
  bool broken_ = false;
  bool close_notify_sent_ = false;
};

}  // namespace spillway::net
