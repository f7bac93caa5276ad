// A TLS client on a blocking socket, which tells what was agreed on.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "system/http_client.hpp"

struct ssl_st;
struct ssl_ctx_st;

namespace spillway::system_test {

struct tls_options {
  /// Such as TLS1_2_VERSION; 0: the newest there is.
  int max_version = 0;
  std::vector<std::string> alpn = {};
};

/// Takes any certificate. Context: one thread. Nothing waits longer than the test's patience.
class tls_client {
 public:
  /// Connects and shakes hands.
  explicit tls_client(const address& where, const tls_options& options = {});
  tls_client(const tls_client&) = delete;
  tls_client& operator=(const tls_client&) = delete;
  /// Closes without a word.
  ~tls_client();

  /// Whether there was a handshake; `error` says why not, in OpenSSL's words.
  bool connected() const { return connected_; }
  const std::string& error() const { return error_; }
  /// `TLSv1.3`.
  std::string version() const;
  /// The protocol that the server chose; empty without one.
  std::string alpn() const;
  /// The common name of the server's certificate.
  std::string server_name() const;

  bool send(std::string_view bytes);
  /// The next bytes; empty at the connection's end, or where nothing comes.
  std::string receive();
  /// Reads on until `text` stands in what came since the last text that was read.
  bool read_to(std::string_view text);

 private:
  int fd_;
  std::unique_ptr<ssl_ctx_st, void (*)(ssl_ctx_st*)> context_;
  std::unique_ptr<ssl_st, void (*)(ssl_st*)> ssl_;
  bool connected_ = false;
  std::string error_;
  std::string in_;
};

}  // namespace spillway::system_test
