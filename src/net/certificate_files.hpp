// Certificates and private keys from PEM files.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <tl/expected.hpp>
#include <vector>

struct evp_pkey_st;
struct x509_st;

namespace spillway::net {

struct certificate_deleter {
  void operator()(x509_st* certificate) const;
  void operator()(evp_pkey_st* key) const;
};

/// At least one: a server's own certificate, then those that lead to its root.
using certificate_chain = std::vector<std::unique_ptr<x509_st, certificate_deleter>>;

struct private_key {
  std::unique_ptr<evp_pkey_st, certificate_deleter> key;
  /// Whether others than the file's owner may read or change it.
  bool open_to_others = false;
};

/// Context: any thread but those of I/O, since they block on the disk; never on a terminal, as
/// OpenSSL would for a passphrase. The error is a sentence that names the file and says what to do.
tl::expected<certificate_chain, std::string> read_certificate_chain(
    const std::filesystem::path& file);
tl::expected<private_key, std::string> read_private_key(const std::filesystem::path& file);

/// Empties OpenSSL's list of this thread's errors at both ends of a scope: each call is judged by
/// what it added there.
class openssl_errors {
 public:
  openssl_errors();
  ~openssl_errors();
  openssl_errors(const openssl_errors&) = delete;
  openssl_errors& operator=(const openssl_errors&) = delete;

  /// The newest one, such as `key values mismatch`.
  static std::string newest();
};

}  // namespace spillway::net
