#include "net/tls_context.hpp"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <ctime>
#include <string_view>

#include "net/certificate_files.hpp"

namespace spillway::net {
namespace {

/// Of TLS 1.2, as RFC 9325, section 4.2, recommends; all of 1.3's are good.
constexpr const char* ciphers =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:"
    "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:"
    "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";

/// With its length before it (RFC 7301, section 3.1).
constexpr std::string_view spoken = "\x08http/1.1";

int select_protocol(SSL*, const unsigned char** chosen, unsigned char* size,
                    const unsigned char* offered, unsigned int offered_size, void*) {
  unsigned char* found = nullptr;
  const auto* ours = reinterpret_cast<const unsigned char*>(spoken.data());
  const auto outcome =
      SSL_select_next_proto(&found, size, ours, spoken.size(), offered, offered_size);
  *chosen = found;
  // Section 3.2: without a protocol in common the connection ends, by no_application_protocol.
  return outcome == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

tls_context_ptr make_context() {
  tls_context_ptr context(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
  if (!context || SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION) != 1 ||
      SSL_CTX_set_cipher_list(context.get(), ciphers) != 1) {
    return nullptr;
  }
  SSL_CTX_set_options(context.get(),
                      SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_TICKET);
  // No session is resumed. A ticket of TLS 1.2 holds its keys under one that lives as long as the
  // context: whoever came by it could read what was recorded. A cache would take our memory, and
  // tickets of 1.3 without either (it sends them all the same) would be good for nothing.
  SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_OFF);
  SSL_CTX_set_num_tickets(context.get(), 0);
  SSL_CTX_set_alpn_select_cb(context.get(), select_protocol, nullptr);
  return context;
}

tl::expected<void, std::string> use_certificates(SSL_CTX* context, const certificate_chain& chain,
                                                 const std::filesystem::path& file) {
  for (std::size_t i = 0; i < chain.size(); ++i) {
    const auto used = i == 0 ? SSL_CTX_use_certificate(context, chain[i].get())
                             : SSL_CTX_add1_chain_cert(context, chain[i].get());
    if (used == 1) continue;
    return tl::unexpected(fmt::format(
        "tls.certificate: certificate {} of {} cannot be used ({}): have one issued that "
        "today's TLS takes",
        i + 1, file.string(), openssl_errors::newest()));
  }
  return {};
}

tl::expected<void, std::string> use_key(SSL_CTX* context, const private_key& key,
                                        const certificate_chain& chain,
                                        const std::filesystem::path& key_file,
                                        const std::filesystem::path& file) {
  // Checked here, for a context takes a key of another kind than the certificate's beside it.
  if (X509_check_private_key(chain.front().get(), key.key.get()) == 1 &&
      SSL_CTX_use_PrivateKey(context, key.key.get()) == 1) {
    return {};
  }
  return tl::unexpected(fmt::format(
      "tls.private_key: the key in {} does not fit the certificate in {} ({}): name the "
      "files of one certificate, the server's own before those of its issuers",
      key_file.string(), file.string(), openssl_errors::newest()));
}

std::string time_text(const ASN1_TIME* time) {
  std::tm at{};
  if (ASN1_TIME_to_tm(time, &at) != 1) return "an unknown time";
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", at.tm_year + 1900, at.tm_mon + 1,
                     at.tm_mday, at.tm_hour, at.tm_min, at.tm_sec);
}

void warn_of_time(const X509* certificate, const std::filesystem::path& file,
                  std::vector<std::string>& warnings) {
  if (X509_cmp_current_time(X509_get0_notAfter(certificate)) < 0) {
    warnings.push_back(
        fmt::format("tls.certificate: the one in {} has expired at {}: clients refuse it until it "
                    "is renewed and the server gets SIGHUP",
                    file.string(), time_text(X509_get0_notAfter(certificate))));
  }
  if (X509_cmp_current_time(X509_get0_notBefore(certificate)) > 0) {
    warnings.push_back(fmt::format(
        "tls.certificate: the one in {} is not valid before {}: clients refuse it until "
        "then, or this machine's clock is wrong",
        file.string(), time_text(X509_get0_notBefore(certificate))));
  }
}

}  // namespace

tl::expected<loaded_tls_context, std::string> load_tls_context(
    const std::filesystem::path& certificate, const std::filesystem::path& private_key) {
  const openssl_errors errors;
  const auto chain = read_certificate_chain(certificate);
  if (!chain) return tl::unexpected(chain.error());
  const auto key = read_private_key(private_key);
  if (!key) return tl::unexpected(key.error());
  loaded_tls_context loaded;
  loaded.context = make_context();
  if (!loaded.context) {
    return tl::unexpected("TLS cannot be set up (" + openssl_errors::newest() +
                          "): check the machine's OpenSSL configuration");
  }
  if (auto used = use_certificates(loaded.context.get(), *chain, certificate); !used) {
    return tl::unexpected(used.error());
  }
  if (auto used = use_key(loaded.context.get(), *key, *chain, private_key, certificate); !used) {
    return tl::unexpected(used.error());
  }
  loaded.valid_until = time_text(X509_get0_notAfter(chain->front().get()));
  warn_of_time(chain->front().get(), certificate, loaded.warnings);
  if (key->open_to_others) {
    loaded.warnings.push_back(
        fmt::format("tls.private_key: others than its owner may read or change {0}: chmod 600 {0}",
                    private_key.string()));
  }
  return loaded;
}

}  // namespace spillway::net
