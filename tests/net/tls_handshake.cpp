#include "net/tls_handshake.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/x509.h>

#include <array>
#include <stdexcept>

namespace spillway::net::testing {
namespace {

void needs(bool done) {
  if (!done) throw std::runtime_error("OpenSSL's client failed");
}

/// Lengths before names (RFC 7301, section 3.1).
std::string alpn_list(const std::vector<std::string>& names) {
  std::string list;
  for (const auto& name : names) list += static_cast<char>(name.size()) + name;
  return list;
}

std::vector<std::string> common_names(const STACK_OF(X509) * chain) {
  std::vector<std::string> names;
  for (int i = 0; i < sk_X509_num(chain); ++i) {
    std::array<char, 256> name{};
    X509_NAME_get_text_by_NID(X509_get_subject_name(sk_X509_value(chain, i)), NID_commonName,
                              name.data(), name.size());
    names.emplace_back(name.data());
  }
  return names;
}

/// The newest session of the connection, which is held by `SSL_get_app_data`.
int keep_session(SSL* ssl, SSL_SESSION* session) {
  static_cast<std::shared_ptr<SSL_SESSION>*>(SSL_get_app_data(ssl))
      ->reset(session, SSL_SESSION_free);
  return 1;
}

/// One turn; whether it can go on, once the other side has had one.
bool turn(SSL* ssl) {
  ERR_clear_error();
  const int result = SSL_do_handshake(ssl);
  return result == 1 || SSL_get_error(ssl, result) == SSL_ERROR_WANT_READ;
}

}  // namespace

connection_of::connection_of(SSL_CTX& server, const client_offer& offer)
    : client_context_(SSL_CTX_new(TLS_client_method()), SSL_CTX_free),
      client_(nullptr, SSL_free),
      server_(SSL_new(&server), SSL_free) {
  auto* context = client_context_.get();
  // What a machine's own configuration would keep the client from.
  needs(SSL_CTX_set_min_proto_version(context, TLS1_VERSION) == 1 &&
        SSL_CTX_set_max_proto_version(context, offer.max_version) == 1);
  SSL_CTX_set_security_level(context, 0);
  needs(SSL_CTX_set_cipher_list(context, offer.ciphers.c_str()) == 1);
  SSL_CTX_set_options(context, offer.options);
  // One in the context's own cache would be spent with the context.
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
  SSL_CTX_sess_set_new_cb(context, keep_session);
  client_.reset(SSL_new(context));
  needs(client_ && server_);
  SSL_set_app_data(client_.get(), &session_);
  if (offer.resumed) SSL_set_session(client_.get(), offer.resumed.get());
  const auto alpn = alpn_list(offer.alpn);
  needs(alpn.empty() ||
        SSL_set_alpn_protos(client_.get(), reinterpret_cast<const unsigned char*>(alpn.data()),
                            static_cast<unsigned>(alpn.size())) == 0);
  BIO* ours = nullptr;
  BIO* theirs = nullptr;
  needs(BIO_new_bio_pair(&ours, 1 << 20, &theirs, 1 << 20) == 1);
  SSL_set_bio(client_.get(), ours, ours);
  SSL_set_bio(server_.get(), theirs, theirs);
  SSL_set_connect_state(client_.get());
  SSL_set_accept_state(server_.get());
}

handshake connection_of::finish() {
  handshake seen;
  while (SSL_is_init_finished(client_.get()) == 0 || SSL_is_init_finished(server_.get()) == 0) {
    const bool server_failed = turn(client_.get()) && !turn(server_.get());
    if (!server_failed && ERR_peek_error() == 0) continue;
    // OpenSSL adds the number of an alert that came to this constant (SSL_get_error's errors).
    turn(client_.get());
    const int reason = ERR_GET_REASON(ERR_peek_last_error());
    if (reason > SSL_AD_REASON_OFFSET) seen.alert = reason - SSL_AD_REASON_OFFSET;
    ERR_clear_error();
    return seen;
  }
  // Tickets of TLS 1.3 come behind the handshake.
  char none = 0;
  SSL_read(client_.get(), &none, 1);
  ERR_clear_error();
  seen.version = SSL_get_version(client_.get());
  seen.cipher = SSL_get_cipher_name(client_.get());
  const unsigned char* alpn = nullptr;
  unsigned alpn_size = 0;
  SSL_get0_alpn_selected(client_.get(), &alpn, &alpn_size);
  if (alpn != nullptr) seen.alpn.assign(reinterpret_cast<const char*>(alpn), alpn_size);
  seen.names = common_names(SSL_get_peer_cert_chain(client_.get()));
  seen.resumed = SSL_session_reused(client_.get()) == 1;
  seen.session = session_;
  // As after the goodbyes: else OpenSSL would throw the session away.
  for (auto* side : {client_.get(), server_.get()}) {
    SSL_set_shutdown(side, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
  }
  return seen;
}

handshake shake_hands(SSL_CTX& server, const client_offer& offer) {
  return connection_of(server, offer).finish();
}

}  // namespace spillway::net::testing
