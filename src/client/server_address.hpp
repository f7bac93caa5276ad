// Where a server is, as `--url` says it.
#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>

namespace spillway::client {

struct server_address {
  bool tls = false;
  /// A name, or an IP address without brackets.
  std::string host;
  std::string port;

  /// `host:port`, an IPv6 address in brackets: the Host field, and what people are told.
  std::string authority() const;
  bool operator==(const server_address&) const = default;
};

/// Reads `http://HOST[:PORT]` or `https://HOST[:PORT]`, a slash behind it or none. The error is a
/// sentence that says what to write; it repeats nothing that could be a secret.
tl::expected<server_address, std::string> parse_server_url(std::string_view url);

}  // namespace spillway::client
