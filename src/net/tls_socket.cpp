#include "net/tls_socket.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <boost/asio/error.hpp>
#include <boost/asio/socket_base.hpp>
#include <boost/asio/ssl/error.hpp>
#include <cerrno>

namespace spillway::net {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

bool is_would_block(int number) {
  return number == EAGAIN || number == EWOULDBLOCK || number == EINTR;
}

long on_control(BIO*, int command, long, void*) {
  // Nothing is kept back, so a flush is always done; of all the rest there is nothing.
  return command == BIO_CTRL_FLUSH ? 1 : 0;
}

/// To a client that speaks HTTP without TLS, for its URL begins with `http`. What it sent is read
/// first: a connection closed before would be reset, which could take the answer with it.
void answer_plain_http(int fd) {
  static const std::string body = R"({"error":"this port speaks TLS: use https:// or wss://"})";
  static const std::string answer =
      "HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\nContent-Length: " +
      std::to_string(body.size()) + "\r\nConnection: close\r\n\r\n" + body;
  std::array<char, 4096> ignored;
  for (int turn = 0; turn < 16; ++turn) {
    if (::recv(fd, ignored.data(), ignored.size(), MSG_DONTWAIT) <= 0) break;
  }
  ::send(fd, answer.data(), answer.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
}

}  // namespace

/// OpenSSL's own socket BIO raises SIGPIPE and counts nothing.
BIO_METHOD* tls_socket::socket_method() {
  static BIO_METHOD* const method = [] {
    auto* made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "client socket");
    if (made == nullptr) return made;
    BIO_meth_set_write(made, &tls_socket::on_write);
    BIO_meth_set_read(made, &tls_socket::on_read);
    BIO_meth_set_ctrl(made, on_control);
    return made;
  }();
  return method;
}

int tls_socket::on_write(BIO* bio, const char* data, int size) {
  auto& self = *static_cast<tls_socket*>(BIO_get_data(bio));
  BIO_clear_retry_flags(bio);
  auto n = ::send(self.socket_.native_handle(), data, static_cast<std::size_t>(size),
                  MSG_NOSIGNAL | MSG_DONTWAIT);
  if (n >= 0) {
    self.bytes_taken_ += static_cast<std::uint64_t>(n);
  } else if (is_would_block(errno)) {
    BIO_set_retry_write(bio);
  } else {
    self.io_error_ = {errno, boost::system::system_category()};
  }
  return static_cast<int>(n);
}

int tls_socket::on_read(BIO* bio, char* data, int size) {
  auto& self = *static_cast<tls_socket*>(BIO_get_data(bio));
  BIO_clear_retry_flags(bio);
  if (self.receptions_left_ == 0) {
    BIO_set_retry_read(bio);
    return -1;
  }
  --self.receptions_left_;
  auto n = ::recv(self.socket_.native_handle(), data, static_cast<std::size_t>(size), MSG_DONTWAIT);
  if (n == 0) {
    self.io_error_ = asio::ssl::error::stream_truncated;
  } else if (n < 0 && is_would_block(errno)) {
    BIO_set_retry_read(bio);
  } else if (n < 0) {
    self.io_error_ = {errno, boost::system::system_category()};
  }
  return static_cast<int>(n);
}

tls_socket::tls_socket(tcp_socket socket, ssl_ctx_st& context)
    : socket_(std::move(socket)), ssl_(SSL_new(&context), SSL_free) {
  auto* bio = ssl_ ? BIO_new(socket_method()) : nullptr;
  if (bio == nullptr) {
    ssl_.reset();
    ERR_clear_error();
    return;
  }
  BIO_set_data(bio, this);
  BIO_set_init(bio, 1);
  SSL_set_bio(ssl_.get(), bio, bio);
  SSL_set_accept_state(ssl_.get());
  // A record a call, offered again from wherever its bytes lie then; no buffers while idle.
  SSL_set_mode(ssl_.get(), SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                               SSL_MODE_RELEASE_BUFFERS);
  // Else a read would go on, unheard of by any deadline, as long as a client sends records that are
  // not the application's, such as KeyUpdates.
  SSL_clear_mode(ssl_.get(), SSL_MODE_AUTO_RETRY);
  // A client must not be able to make a write wait for a read.
  SSL_set_options(ssl_.get(), SSL_OP_NO_RENEGOTIATION);
  // `has_pending` relies on it: nothing but the current record is ever taken from the socket.
  SSL_set_read_ahead(ssl_.get(), 0);
}

tls_socket::~tls_socket() = default;

bool tls_socket::usable(error_code& error) {
  error = {};
  if (!ssl_) {
    error = asio::error::no_memory;
  } else if (!socket_.is_open()) {
    error = asio::error::operation_aborted;
  } else if (broken_) {
    error = io_error_ ? io_error_ : error_code(asio::error::connection_aborted);
  }
  receptions_left_ = max_receptions;
  // OpenSSL judges a result by this thread's list of errors, which may hold those of others.
  ERR_clear_error();
  return !error;
}

/// Why the last call on `ssl_` had this result.
error_code tls_socket::failure(int result) {
  switch (SSL_get_error(ssl_.get(), result)) {
    case SSL_ERROR_WANT_READ:
      wanted_ = tcp_socket::wait_read;
      return asio::error::would_block;
    case SSL_ERROR_WANT_WRITE:
      wanted_ = tcp_socket::wait_write;
      return asio::error::would_block;
    case SSL_ERROR_ZERO_RETURN:
      return asio::error::eof;
    default:
      break;
  }
  broken_ = true;
  if (!io_error_) {
    auto code = static_cast<int>(ERR_get_error());
    if (ERR_GET_REASON(code) == SSL_R_HTTP_REQUEST) answer_plain_http(socket_.native_handle());
    io_error_ = code != 0 ? error_code(code, asio::error::get_ssl_category())
                          : error_code(asio::ssl::error::unspecified_system_error);
  }
  ERR_clear_error();
  return io_error_;
}

std::size_t tls_socket::read_some(asio::mutable_buffer into, error_code& error) {
  if (!usable(error) || into.size() == 0) return 0;
  std::size_t n = 0;
  auto result = SSL_read_ex(ssl_.get(), into.data(), into.size(), &n);
  if (result != 1) error = failure(result);
  return n;
}

std::size_t tls_socket::write_some(asio::const_buffer bytes, error_code& error) {
  if (!usable(error) || bytes.size() == 0) return 0;
  std::size_t n = 0;
  auto size = std::min(bytes.size(), max_record_bytes);
  auto result = SSL_write_ex(ssl_.get(), bytes.data(), size, &n);
  if (result != 1) error = failure(result);
  return n;
}

bool tls_socket::has_pending() const {
  return ssl_ && SSL_pending(ssl_.get()) > 0;
}

void tls_socket::close_notify(error_code& error) {
  if (!usable(error) || close_notify_sent_ || SSL_is_init_finished(ssl_.get()) == 0) return;
  // 0: it is out, and the client's has not come.
  auto result = SSL_shutdown(ssl_.get());
  if (result < 0) error = failure(result);
  close_notify_sent_ = !error;
}

void tls_socket::finish_sending(error_code& error) {
  close_notify(error);
  if (!error) socket_.shutdown(tcp_socket::shutdown_send, error);
}

void tls_socket::close() {
  error_code ignored;
  close_notify(ignored);
  socket_.close(ignored);
}

void tls_socket::async_read_some(asio::mutable_buffer into, std::unique_ptr<io_completion> done) {
  error_code error;
  auto n = read_some(into, error);
  if (error != asio::error::would_block) return done->complete(error, n);
  socket_.async_wait(wanted_, [self = shared_from_this(), into,
                               done = std::move(done)](error_code failed) mutable {
    if (failed) return done->complete(failed, 0);
    self->async_read_some(into, std::move(done));
  });
}

void tls_socket::async_write_some(std::string bytes, std::unique_ptr<io_completion> done) {
  error_code error;
  auto n = write_some(asio::buffer(bytes), error);
  if (error != asio::error::would_block) return done->complete(error, n);
  socket_.async_wait(wanted_, [self = shared_from_this(), bytes = std::move(bytes),
                               done = std::move(done)](error_code failed) mutable {
    if (failed) return done->complete(failed, 0);
    self->async_write_some(std::move(bytes), std::move(done));
  });
}

}  // namespace spillway::net
