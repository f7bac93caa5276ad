#include "net/tls_codec.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <array>
#include <stdexcept>

#include "net/current_tls_context.hpp"
#include "support/certificate.hpp"
#include "support/temp_dir.hpp"

namespace spillway::net::testing {
namespace {

using context_ptr = std::unique_ptr<SSL_CTX, void (*)(SSL_CTX*)>;

void must(bool done) {
  if (!done) throw std::runtime_error("OpenSSL failed");
}

SSL_CTX* client_context() {
  static const context_ptr context(SSL_CTX_new(TLS_client_method()), SSL_CTX_free);
  return context.get();
}

}  // namespace

tls_context_ptr make_server_context() {
  const test::temp_dir files;
  const test::certificate made;
  auto loaded =
      load_tls_context(files.write("cert.pem", made.pem()), files.write("key.pem", made.key_pem()));
  if (!loaded) throw std::runtime_error(loaded.error());
  return loaded->context;
}

const current_tls_context& test_tls() {
  static const current_tls_context context(make_server_context());
  return context;
}

ssl_ctx_st& test_server_context() {
  static const auto context = test_tls().get();
  return *context;
}

tls_codec::tls_codec()
    : ssl_(SSL_new(client_context()), SSL_free),
      in_(BIO_new(BIO_s_mem())),
      out_(BIO_new(BIO_s_mem())) {
  must(ssl_ && in_ != nullptr && out_ != nullptr);
  SSL_set_bio(ssl_.get(), in_, out_);
  SSL_set_connect_state(ssl_.get());
}

tls_codec::~tls_codec() = default;

std::string tls_codec::take_output() {
  std::string bytes(BIO_ctrl_pending(out_), '\0');
  if (!bytes.empty()) BIO_read(out_, bytes.data(), static_cast<int>(bytes.size()));
  return bytes;
}

std::string tls_codec::shake() {
  ERR_clear_error();
  auto result = SSL_do_handshake(ssl_.get());
  failed_ = result != 1 && SSL_get_error(ssl_.get(), result) != SSL_ERROR_WANT_READ;
  return take_output();
}

bool tls_codec::shaken() const {
  return SSL_is_init_finished(ssl_.get()) == 1;
}

std::string tls_codec::seal(std::string_view bytes) {
  ERR_clear_error();
  // After the goodbyes nothing can be sent, as on a closed socket.
  const bool over = (SSL_get_shutdown(ssl_.get()) & SSL_SENT_SHUTDOWN) != 0;
  if (!bytes.empty() && !over) {
    must(SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size())) > 0);
  }
  return take_output();
}

std::string tls_codec::close_notify() {
  ERR_clear_error();
  SSL_shutdown(ssl_.get());
  return take_output();
}

std::string tls_codec::update_keys(int times) {
  ERR_clear_error();
  for (int i = 0; i < times; ++i) {
    must(SSL_key_update(ssl_.get(), SSL_KEY_UPDATE_NOT_REQUESTED) == 1 &&
         SSL_do_handshake(ssl_.get()) == 1);
  }
  return take_output();
}

std::string tls_codec::open(std::string_view bytes) {
  ERR_clear_error();
  if (!bytes.empty()) BIO_write(in_, bytes.data(), static_cast<int>(bytes.size()));
  std::string opened;
  std::array<char, 16384> part;
  for (;;) {
    auto n = SSL_read(ssl_.get(), part.data(), static_cast<int>(part.size()));
    if (n > 0) {
      opened.append(part.data(), static_cast<std::size_t>(n));
      continue;
    }
    auto why = SSL_get_error(ssl_.get(), n);
    ended_ = ended_ || why == SSL_ERROR_ZERO_RETURN;
    failed_ = failed_ || (why != SSL_ERROR_ZERO_RETURN && why != SSL_ERROR_WANT_READ);
    return opened;
  }
}

}  // namespace spillway::net::testing
