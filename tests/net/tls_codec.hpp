// TLS without a socket: the client's side for tests, and a server's context with a certificate.
#pragma once

#include <memory>
#include <string>
#include <string_view>

struct bio_st;
struct ssl_ctx_st;
struct ssl_st;

namespace spillway::net {
class current_tls_context;
}

namespace spillway::net::testing {

/// The server's own, with a new certificate that is signed by itself.
std::shared_ptr<ssl_ctx_st> make_server_context();
/// One of them for all tests.
const current_tls_context& test_tls();
ssl_ctx_st& test_server_context();

/// The client's side of one connection as a function of bytes, so that a test can send a record in
/// pieces, or half of it.
class tls_codec {
 public:
  tls_codec();
  ~tls_codec();
  tls_codec(tls_codec&&) = default;

  /// The handshake's next bytes for the server; empty where the server's are missing.
  std::string shake();
  bool shaken() const;
  /// The records for these bytes, and for what OpenSSL itself had to say.
  std::string seal(std::string_view bytes);
  std::string close_notify();
  /// So many records without a byte of the application: KeyUpdates, of TLS 1.3.
  std::string update_keys(int times);
  /// Takes bytes of the server and returns what was in them.
  std::string open(std::string_view bytes);
  /// Whether the server's close_notify has come.
  bool ended() const { return ended_; }
  bool failed() const { return failed_; }

 private:
  std::string take_output();

  std::unique_ptr<ssl_st, void (*)(ssl_st*)> ssl_;
  bio_st* in_;
  bio_st* out_;
  bool ended_ = false;
  bool failed_ = false;
};

}  // namespace spillway::net::testing
