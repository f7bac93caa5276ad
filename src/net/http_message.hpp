// The vocabulary of requests and replies, free of Beast.
#pragma once

#include <boost/asio/ip/address.hpp>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "net/byte_budget.hpp"
#include "net/forwarded.hpp"
#include "net/ports.hpp"

namespace spillway::net {

/// A request as far as routes and checks look at it.
struct http_request {
  std::string method;
  /// The request target as it came, and its two parts; nothing is decoded.
  std::string target;
  std::string path;
  std::string query;
  std::string body;
  /// What the body holds of a budget, as long as the request lives; null for a small one.
  std::shared_ptr<byte_share> body_share;

  /// Every value of these fields, in order.
  std::vector<std::string> host;
  std::vector<std::string> origin;
  std::vector<std::string> authorization;
  std::vector<std::string> cookie;
  std::string if_none_match;
  /// `Accept-Encoding` names gzip, and does not rule it out.
  bool takes_gzip = false;
  forwarded_fields forwarded;

  /// Filled by http_session once the fields were checked.
  credentials presented;
  /// Filled by http_session, what trusted proxies say considered: from where the request came,
  /// whether over TLS, and the `host[:port]` that the client asked.
  boost::asio::ip::address client;
  bool secure = false;
  std::string own_host;

  struct {
    /// `Upgrade` names websocket.
    bool asked = false;
    /// `Connection` names upgrade.
    bool connection = false;
    bool http_1_1 = false;
    std::string key;
    std::string version;
    /// Every value of `Sec-WebSocket-Extensions`, in order.
    std::vector<std::string> extensions;
  } websocket;
};

struct reply {
  unsigned status = 200;
  std::string content_type = "application/json";
  std::string body;
  /// Instead of `body`: bytes that live as long as the process.
  std::string_view fixed_body;
  std::vector<std::pair<std::string, std::string>> headers;
  /// What a large body holds of a budget, until the client has taken it; null for others.
  std::shared_ptr<byte_share> body_share;
};

/// Bytes that are not UTF-8 become U+FFFD.
reply json_reply(unsigned status, const nlohmann::ordered_json& body);
/// `{"error": sentence}`; 401, 429 and 503 get the field that belongs to them.
reply error_reply(unsigned status, std::string_view sentence);
reply error_reply(const failure& what);
/// 404, the same for what does not exist and for what is hidden.
failure not_found();
reply method_not_allowed(std::string_view allow);

/// Splits a target into path and query.
void set_target(http_request& request, std::string_view target);

/// Checks the fields that decide who someone is, and reads the credentials. 400 where two of them
/// contradict each other. What has not the form of a token, also an `Authorization` of another
/// scheme, or of a session cookie, is bad rather than none: see `cannot_be_good`. No failure tells
/// what was sent.
result<credentials> read_credentials(const http_request& request);

/// No store holds these, by their form alone.
bool cannot_be_good(const credentials& presented);

/// The value of a query parameter, undecoded; empty where there is none. Of several the first.
std::string_view query_parameter(std::string_view query, std::string_view name);
/// A number from 1 on; 400 for anything else.
result<std::uint64_t> number_parameter(std::string_view query, std::string_view name,
                                       std::uint64_t otherwise);

}  // namespace spillway::net
