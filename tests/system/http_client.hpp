// An HTTP/1.1 client on blocking sockets: one request a connection, any bytes on request.
#pragma once

#include <chrono>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "system/child_process.hpp"

namespace spillway::system_test {

/// A listening socket: a Unix path, or an IPv4 address and a port.
struct address {
  std::string unix_path;
  std::string host;
  std::uint16_t port = 0;
  /// Whether HTTP goes over TLS there; the server's certificate may be any.
  bool tls = false;

  /// `127.0.0.1:8443`, or `localhost` for a Unix path: what goes into `Host`.
  std::string authority() const;
};

/// Reads `unix:///path` and `tcp://host:port`.
address parse_engine_url(std::string_view url);

/// A connected socket, or -1. `receive_buffer_bytes` is its SO_RCVBUF; 0 leaves the kernel's
/// choice.
int connect_to(const address& where, int receive_buffer_bytes = 0);

struct http_response {
  /// 0 where there was no answer; `body` says why.
  unsigned status = 0;
  /// Names in lower case; of a repeated one the last.
  std::map<std::string, std::string> headers;
  std::string body;

  std::string header(const std::string& name) const;
  /// The body as JSON; discarded where it is none.
  nlohmann::json json() const;
};

using http_headers = std::map<std::string, std::string>;

/// Sends bytes as they are and reads one response.
http_response raw_exchange(const address& where, std::string_view bytes,
                           std::chrono::milliseconds deadline = patience);

/// Requests to one server with the same headers on each. Context: any thread.
class http_client {
 public:
  explicit http_client(address where, http_headers headers = {});

  http_response get(const std::string& target, const http_headers& more = {}) const;
  http_response post(const std::string& target, const nlohmann::json& body = nullptr) const;
  http_response remove(const std::string& target) const;
  http_response send(const std::string& method, const std::string& target, const std::string& body,
                     const http_headers& more = {}) const;

  const http_headers& headers() const { return headers_; }

 private:
  address where_;
  http_headers headers_;
};

}  // namespace spillway::system_test
