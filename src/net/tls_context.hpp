// What clients speak TLS by: a certificate, its key, and which TLS is spoken.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <tl/expected.hpp>
#include <vector>

struct ssl_ctx_st;

namespace spillway::net {

/// Not changed once it is made, so threads may share it. Each connection keeps a share.
using tls_context_ptr = std::shared_ptr<ssl_ctx_st>;

struct loaded_tls_context {
  tls_context_ptr context;
  /// The end of the certificate's validity, `2026-04-17T10:14:32Z`.
  std::string valid_until;
  /// For the log, a sentence each: what works, but should not stay so.
  std::vector<std::string> warnings;
};

/// A server's context from PEM files: the certificate with those that lead to its root, and its
/// key. TLS 1.2, with forward secrecy and authenticated encryption only, and 1.3 (RFC 9325). By
/// ALPN (RFC 7301) it speaks `http/1.1` alone. The error is a sentence that names the file and says
/// what to do. Context: any thread but those of I/O: it blocks on the disk.
tl::expected<loaded_tls_context, std::string> load_tls_context(
    const std::filesystem::path& certificate, const std::filesystem::path& private_key);

}  // namespace spillway::net
