// TLS handshakes in memory between a server's context and a client that offers what a test wants.
#pragma once

#include <openssl/ssl.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace spillway::net::testing {

struct client_offer {
  int max_version = TLS1_3_VERSION;
  /// Of TLS 1.2 and below.
  std::string ciphers = "ALL:@SECLEVEL=0";
  std::vector<std::string> alpn = {};
  std::uint64_t options = 0;
  std::shared_ptr<SSL_SESSION> resumed = {};
};

/// What came of it, as the client sees it.
struct handshake {
  /// Empty where there was none.
  std::string version;
  std::string cipher;
  std::string alpn;
  /// Common names of the certificates that the server sent.
  std::vector<std::string> names;
  /// The server's, with which it ended; 0 without one.
  int alert = 0;
  /// For the next time.
  std::shared_ptr<SSL_SESSION> session;
  bool resumed = false;
};

/// Both ends of one connection.
class connection_of {
 public:
  explicit connection_of(SSL_CTX& server, const client_offer& offer = {});
  connection_of(const connection_of&) = delete;
  connection_of& operator=(const connection_of&) = delete;
  handshake finish();

 private:
  std::unique_ptr<SSL_CTX, void (*)(SSL_CTX*)> client_context_;
  std::unique_ptr<SSL, void (*)(SSL*)> client_;
  std::unique_ptr<SSL, void (*)(SSL*)> server_;
  /// The client's, filled while it reads.
  std::shared_ptr<SSL_SESSION> session_;
};

handshake shake_hands(SSL_CTX& server, const client_offer& offer);

}  // namespace spillway::net::testing
