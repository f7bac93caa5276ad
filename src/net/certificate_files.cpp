#include "net/certificate_files.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cctype>
#include <cerrno>
#include <cstdio>
#include <string_view>
#include <system_error>

namespace spillway::net {
namespace {

struct pem_file {
  std::unique_ptr<BIO, int (*)(BIO*)> bytes{nullptr, BIO_free};
  mode_t mode = 0;
};

tl::unexpected<std::string> unreadable(std::string_view setting, const std::filesystem::path& file,
                                       std::string why) {
  if (!why.empty()) why[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(why[0])));
  return tl::unexpected(
      fmt::format("{}: cannot read {}: {}; name a PEM file that the server's user may read",
                  setting, file.string(), why));
}

tl::expected<pem_file, std::string> open_pem(std::string_view setting,
                                             const std::filesystem::path& file) {
  // Without waiting, as it would for the writer of a pipe.
  const int fd = ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) return unreadable(setting, file, std::generic_category().message(errno));
  struct stat status {};
  if (::fstat(fd, &status) != 0 || !S_ISREG(status.st_mode)) {
    ::close(fd);
    return unreadable(setting, file, "it is not a regular file");
  }
  pem_file opened;
  opened.mode = status.st_mode;
  auto* stream = ::fdopen(fd, "r");
  if (stream == nullptr) ::close(fd);
  if (stream != nullptr) opened.bytes.reset(BIO_new_fp(stream, BIO_CLOSE));
  if (!opened.bytes) return unreadable(setting, file, "memory is short");
  return opened;
}

/// In place of OpenSSL's own, which asks at the terminal and waits there.
int no_passphrase(char*, int, int, void* asked) {
  *static_cast<bool*>(asked) = true;
  return -1;
}

bool at_end() {
  const auto code = ERR_peek_last_error();
  return ERR_GET_LIB(code) == ERR_LIB_PEM && ERR_GET_REASON(code) == PEM_R_NO_START_LINE;
}

}  // namespace

void certificate_deleter::operator()(x509_st* certificate) const {
  X509_free(certificate);
}

void certificate_deleter::operator()(evp_pkey_st* key) const {
  EVP_PKEY_free(key);
}

openssl_errors::openssl_errors() {
  ERR_clear_error();
}

openssl_errors::~openssl_errors() {
  ERR_clear_error();
}

std::string openssl_errors::newest() {
  const char* reason = ERR_reason_error_string(ERR_peek_last_error());
  return reason == nullptr ? "no reason given" : reason;
}

tl::expected<certificate_chain, std::string> read_certificate_chain(
    const std::filesystem::path& file) {
  const openssl_errors errors;
  auto opened = open_pem("tls.certificate", file);
  if (!opened) return tl::unexpected(opened.error());
  certificate_chain chain;
  for (;;) {
    bool encrypted = false;
    // The first may carry trust settings, as with SSL_CTX_use_certificate_chain_file.
    auto read = chain.empty() ? PEM_read_bio_X509_AUX : PEM_read_bio_X509;
    auto* next = read(opened->bytes.get(), nullptr, no_passphrase, &encrypted);
    if (next == nullptr) break;
    chain.emplace_back(next);
  }
  if (!at_end()) {
    return tl::unexpected(
        fmt::format("tls.certificate: certificate {} of {} is damaged ({}): write the file anew",
                    chain.size() + 1, file.string(), openssl_errors::newest()));
  }
  if (chain.empty()) {
    return tl::unexpected(
        fmt::format("tls.certificate: {} holds no certificate in PEM form: it must begin with the "
                    "server's own (-----BEGIN CERTIFICATE-----), then those that lead to its root",
                    file.string()));
  }
  return chain;
}

tl::expected<private_key, std::string> read_private_key(const std::filesystem::path& file) {
  const openssl_errors errors;
  auto opened = open_pem("tls.private_key", file);
  if (!opened) return tl::unexpected(opened.error());
  bool encrypted = false;
  private_key result;
  result.key.reset(
      PEM_read_bio_PrivateKey(opened->bytes.get(), nullptr, no_passphrase, &encrypted));
  result.open_to_others = (opened->mode & (S_IRWXG | S_IRWXO)) != 0;
  if (result.key) return result;
  if (encrypted) {
    return tl::unexpected(
        fmt::format("tls.private_key: the key in {0} is encrypted, and nobody is there to type its "
                    "passphrase: store it without one (openssl pkey -in {0} -out FILE)",
                    file.string()));
  }
  return tl::unexpected(fmt::format(
      "tls.private_key: {} holds no private key in PEM form ({}): it must have one that "
      "begins with -----BEGIN PRIVATE KEY-----",
      file.string(), openssl_errors::newest()));
}

}  // namespace spillway::net
