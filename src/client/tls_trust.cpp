#include "client/tls_trust.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/beast/core/error.hpp>

namespace spillway::client {
namespace {

namespace asio = boost::asio;
namespace ssl = boost::asio::ssl;
using boost::system::error_code;

bool is_address(const std::string& host) {
  error_code ec;
  asio::ip::make_address(host, ec);
  return !ec;
}

std::string certificate_sentence(long verdict, const server_address& server) {
  const auto at = server.authority();
  switch (verdict) {
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return "the certificate of " + at + " has expired: renew it on the server";
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return "the certificate of " + at + " is not valid yet: are both clocks right?";
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
      return "the certificate of " + at + " is not for " + server.host +
             ": use the name that it was made for in the URL";
    default:
      break;
  }
  return "the certificate of " + at + " is not trusted (" +
         ::X509_verify_cert_error_string(verdict) +
         "): give the certificate that signed it with --ca FILE";
}

}  // namespace

tl::expected<tls_context_ptr, std::string> make_tls_context(const std::string& ca_file) {
  auto made = std::make_shared<ssl::context>(ssl::context::tls_client);
  ::SSL_CTX_set_min_proto_version(made->native_handle(), TLS1_2_VERSION);
  made->set_verify_mode(ssl::verify_peer);
  error_code ec;
  if (ca_file.empty()) {
    made->set_default_verify_paths(ec);
    if (ec)
      return tl::unexpected(
          std::string("the system's certificates cannot be read: give --ca FILE"));
    return made;
  }
  made->load_verify_file(ca_file, ec);
  if (ec) {
    return tl::unexpected("no certificates can be read from " + ca_file +
                          ": --ca takes a file with certificates in PEM");
  }
  // The server's own certificate will do, too.
  ::X509_STORE_set_flags(::SSL_CTX_get_cert_store(made->native_handle()),
                         X509_V_FLAG_PARTIAL_CHAIN);
  return made;
}

void expect_server(SSL* connection, const server_address& server) {
  auto* const wanted = ::SSL_get0_param(connection);
  if (is_address(server.host)) {
    ::X509_VERIFY_PARAM_set1_ip_asc(wanted, server.host.c_str());
    return;
  }
  ::X509_VERIFY_PARAM_set_hostflags(wanted, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  ::SSL_set1_host(connection, server.host.c_str());
  // Server Name Indication (RFC 6066 section 3) is for names only.
  ::SSL_set_tlsext_host_name(connection, server.host.c_str());
}

failure handshake_failure(SSL* connection, const server_address& server, const error_code& ec) {
  const auto verdict = ::SSL_get_verify_result(connection);
  if (verdict != X509_V_OK) return {certificate_sentence(verdict, server)};
  const auto at = server.authority();
  if (ec == boost::beast::error::timeout)
    return {"no TLS answer from " + at + " in time: does it speak TLS? if not, write http://"};
  const bool is_alert = ec.category() == asio::error::get_ssl_category() &&
                        ERR_GET_REASON(static_cast<unsigned long>(ec.value())) >= 1000;
  if (is_alert) return {at + " refused the TLS handshake (" + ec.message() + ")"};
  return {at + " does not speak TLS (" + ec.message() + "): write http:// in the URL"};
}

}  // namespace spillway::client
