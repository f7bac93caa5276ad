// Certificates for tests, made in the process.
#pragma once

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>

namespace spillway::test {

class certificate;

struct certificate_options {
  std::string name = "spillway.test";
  /// From now.
  std::chrono::seconds valid_from = -std::chrono::hours(1);
  std::chrono::seconds valid_until = std::chrono::hours(24);
  /// Null: it is signed by itself.
  const certificate* issuer = nullptr;
  /// Bits of an RSA key; 0 for a P-256 one.
  unsigned rsa_bits = 0;
};

/// With its key. Throws where OpenSSL fails.
class certificate {
 public:
  explicit certificate(const certificate_options& chosen = {})
      : key_(chosen.rsa_bits ? EVP_RSA_gen(chosen.rsa_bits) : EVP_EC_gen("P-256"), EVP_PKEY_free),
        x509_(X509_new(), X509_free) {
    must(key_ && x509_);
    X509_set_version(x509_.get(), X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(x509_.get()), 1);
    X509_gmtime_adj(X509_getm_notBefore(x509_.get()), chosen.valid_from.count());
    X509_gmtime_adj(X509_getm_notAfter(x509_.get()), chosen.valid_until.count());
    const auto* text = reinterpret_cast<const unsigned char*>(chosen.name.c_str());
    X509_NAME_add_entry_by_txt(X509_get_subject_name(x509_.get()), "CN", MBSTRING_ASC, text, -1, -1,
                               0);
    const certificate& by = chosen.issuer ? *chosen.issuer : *this;
    must(X509_set_issuer_name(x509_.get(), X509_get_subject_name(by.x509_.get())) == 1 &&
         X509_set_pubkey(x509_.get(), key_.get()) == 1 &&
         X509_sign(x509_.get(), by.key_.get(), EVP_sha256()) > 0);
  }

  std::string pem() const {
    return text_of([this](BIO* out) { return PEM_write_bio_X509(out, x509_.get()); });
  }
  std::string key_pem() const {
    return text_of([this](BIO* out) {
      return PEM_write_bio_PrivateKey(out, key_.get(), nullptr, nullptr, 0, nullptr, nullptr);
    });
  }
  std::string encrypted_key_pem() const {
    return text_of([this](BIO* out) {
      return PEM_write_bio_PKCS8PrivateKey(out, key_.get(), EVP_aes_128_cbc(), passphrase().data(),
                                           6, nullptr, nullptr);
    });
  }
  /// As OpenSSL wrote it before PKCS #8.
  std::string encrypted_traditional_key_pem() const {
    return text_of([this](BIO* out) {
      return PEM_write_bio_PrivateKey_traditional(
          out, key_.get(), EVP_aes_128_cbc(),
          reinterpret_cast<const unsigned char*>(passphrase().data()), 6, nullptr, nullptr);
    });
  }

 private:
  static std::string& passphrase() {
    static std::string text = "secret";
    return text;
  }
  static void must(bool done) {
    if (!done) throw std::runtime_error("OpenSSL makes no certificate");
  }
  template <class Writer>
  static std::string text_of(Writer write) {
    const std::unique_ptr<BIO, int (*)(BIO*)> out(BIO_new(BIO_s_mem()), BIO_free);
    must(out && write(out.get()) == 1);
    char* bytes = nullptr;
    const auto size = BIO_get_mem_data(out.get(), &bytes);
    return {bytes, static_cast<std::size_t>(size)};
  }

  std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)> key_;
  std::unique_ptr<X509, void (*)(X509*)> x509_;
};

}  // namespace spillway::test
