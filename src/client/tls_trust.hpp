// Whose certificates are trusted, and what to say of those that are not.
#pragma once

#include <boost/asio/ssl/context.hpp>
#include <boost/system/error_code.hpp>
#include <memory>
#include <string>
#include <tl/expected.hpp>

#include "client/failure.hpp"
#include "client/server_address.hpp"

namespace spillway::client {

using tls_context_ptr = std::shared_ptr<boost::asio::ssl::context>;

/// For TLS 1.2 and later. Trusts the certificates in `ca_file` (PEM), a server's own or its
/// issuer's, or the system's where it is empty. The error is a sentence.
tl::expected<tls_context_ptr, std::string> make_tls_context(const std::string& ca_file);

/// Makes a connection's handshake ask for, and insist on, this server's name or address.
void expect_server(SSL* connection, const server_address& server);

/// Why the handshake with it failed.
failure handshake_failure(SSL* connection, const server_address& server,
                          const boost::system::error_code& ec);

}  // namespace spillway::client
