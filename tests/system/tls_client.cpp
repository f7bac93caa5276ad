#include "system/tls_client.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <chrono>

namespace spillway::system_test {

tls_client::tls_client(const address& where, const tls_options& options)
    : fd_(connect_to(where)),
      context_(SSL_CTX_new(TLS_client_method()), SSL_CTX_free),
      ssl_(nullptr, SSL_free) {
  if (fd_ < 0) {
    error_ = "cannot connect";
    return;
  }
  const timeval limit{patience.count(), 0};
  ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  // Old TLS is offered whatever the machine's own configuration says.
  SSL_CTX_set_min_proto_version(context_.get(), TLS1_VERSION);
  SSL_CTX_set_max_proto_version(context_.get(), options.max_version);
  SSL_CTX_set_security_level(context_.get(), 0);
  ssl_.reset(SSL_new(context_.get()));
  std::string alpn;
  for (const auto& name : options.alpn) alpn += static_cast<char>(name.size()) + name;
  SSL_set_alpn_protos(ssl_.get(), reinterpret_cast<const unsigned char*>(alpn.data()),
                      static_cast<unsigned>(alpn.size()));
  SSL_set_fd(ssl_.get(), fd_);
  ERR_clear_error();
  connected_ = SSL_connect(ssl_.get()) == 1;
  if (connected_) return;
  const char* reason = ERR_reason_error_string(ERR_peek_last_error());
  error_ = reason == nullptr ? "the connection ended, or nothing came" : reason;
}

tls_client::~tls_client() {
  if (fd_ >= 0) ::close(fd_);
}

std::string tls_client::version() const {
  return connected_ ? SSL_get_version(ssl_.get()) : "";
}

std::string tls_client::alpn() const {
  const unsigned char* chosen = nullptr;
  unsigned size = 0;
  if (connected_) SSL_get0_alpn_selected(ssl_.get(), &chosen, &size);
  return {reinterpret_cast<const char*>(chosen), size};
}

std::string tls_client::server_name() const {
  if (!connected_) return "";
  std::array<char, 256> name{};
  X509_NAME_get_text_by_NID(X509_get_subject_name(SSL_get0_peer_certificate(ssl_.get())),
                            NID_commonName, name.data(), name.size());
  return name.data();
}

bool tls_client::send(std::string_view bytes) {
  ERR_clear_error();
  return connected_ && SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size())) > 0;
}

std::string tls_client::receive() {
  if (!connected_) return "";
  ERR_clear_error();
  std::string bytes(16'384, '\0');
  const int count = SSL_read(ssl_.get(), bytes.data(), static_cast<int>(bytes.size()));
  bytes.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
  return bytes;
}

bool tls_client::read_to(std::string_view text) {
  // Pings come all the time.
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (std::chrono::steady_clock::now() < deadline) {
    if (const auto at = in_.find(text); at != std::string::npos) {
      in_.erase(0, at + text.size());
      return true;
    }
    const auto more = receive();
    if (more.empty()) return false;
    in_ += more;
  }
  return false;
}

}  // namespace spillway::system_test
