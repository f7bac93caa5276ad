// The header of a request: target, credentials, origin, proxies, the upgrade.
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include "fuzz/input.hpp"
#include "fuzz/require.hpp"
#include "fuzz/target.hpp"
#include "net/access.hpp"
#include "net/deflate_offer.hpp"
#include "net/http_convert.hpp"
#include "net/origin.hpp"
#include "net/request_form.hpp"
#include "net/router.hpp"
#include "net/upgrade.hpp"
#include "protocol/utf8.hpp"

namespace spillway::fuzz {
namespace {

using namespace net;
namespace http = boost::beast::http;
namespace ip = boost::asio::ip;

bool is_base64url(std::string_view text) {
  return text.find_first_not_of(
             "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") ==
         std::string_view::npos;
}

void check_failure(const failure& what) {
  require(what.status == 400 || what.status == 401, "a bad header is 400, a bad credential 401");
  require(what.message.size() < 128 && protocol::is_valid_utf8(what.message),
          "a failure repeats nothing of the request", what.message);
}

void check_credentials(http_request& request) {
  auto presented = read_credentials(request);
  if (!presented) return check_failure(presented.error());
  const auto& [cookie, token] = *presented;
  require(token.empty() || token == "-" ||
              (token.size() == 46 && token.starts_with("sd_") && is_base64url(token)),
          "a token has the form of one, or is bad", token);
  require(is_base64url(cookie), "a cookie has its alphabet", cookie);
  require(request.authorization.empty() == token.empty(), "an Authorization is never ignored");
  if (auto formed = check_form_of_credentials(request); !formed) check_failure(formed.error());
  request.presented = std::move(*presented);
}

void check_source(const http_request& request, const std::vector<config::address_range>& trusted) {
  const auto peer = ip::make_address("10.0.0.1");
  const auto stranger = ip::make_address("192.0.2.1");
  const request_source seen{stranger, false, "spillway.test"};
  const auto direct = behind_proxies(seen, request.forwarded, trusted);
  require(direct && direct->client == stranger && !direct->secure && direct->host == seen.host,
          "a stranger is not believed");
  const auto source = behind_proxies({peer, false, "spillway.test"}, request.forwarded, trusted);
  if (!source) return check_failure(source.error());
  require(source->client == config::unmapped(source->client), "an IPv4 address is one");
  if (request.forwarded.client.empty()) require(source->client == peer, "no field, no change");
  if (request.forwarded.host.empty()) require(source->host == seen.host, "no field, no change");
  if (request.forwarded.scheme.empty()) require(!source->secure, "no field, no change");
}

/// A page whose origin is none of the allowed ones has to name this server.
void check_foreign(const http_request& request, const config::settings& settings) {
  if (request.origin.empty()) {
    require(!is_of_foreign_page(request, settings), "what is no browser says no origin");
    return;
  }
  if (is_of_foreign_page(request, settings)) return;
  const auto theirs = parse_origin(request.origin.front());
  const auto ours = own_origin(request.own_host, request.secure);
  require(theirs && (theirs == ours || theirs == parse_origin(settings.allowed_origins.front())),
          "a page is of this server, or allowed", request.origin.front());
}

void check_upgrade(const http_request& request) {
  const auto offer = negotiate_deflate(request.websocket.extensions);
  require(!offer || *offer == "permessage-deflate; client_no_context_takeover" ||
              *offer == "permessage-deflate; client_no_context_takeover; server_max_window_bits=15",
          "there are two answers to an offer");
  if (const auto refused = check_upgrade_form(request)) {
    require(refused->status == 400 || refused->status == 405 || refused->status == 426,
            "a refusal has its status");
    return;
  }
  require(request.method == "GET" && request.websocket.key.size() == 24 &&
              request.websocket.version == "13",
          "an upgrade is well-formed");
}

void check_query(const http_request& request) {
  require(request.target.substr(0, request.path.size()) == request.path &&
              request.path.find('?') == std::string::npos,
          "a path has no query");
  const auto limit = number_parameter(request.query, "limit", 7);
  if (!limit) return check_failure(limit.error());
  require(*limit > 0, "numbers count from 1");
}

}  // namespace

void run(std::string_view bytes) {
  config::settings settings;
  settings.allowed_origins = {"https://dash.example"};
  settings.trusted_proxies = {*config::address_range::parse("10.0.0.0/8"),
                              *config::address_range::parse("2001:db8::/32")};
  http::request_parser<http::string_body> parser;
  parser.header_limit(16 << 10);
  parser.eager(true);
  boost::system::error_code error;
  parser.put(boost::asio::buffer(bytes), error);
  if (!parser.is_header_done()) return;

  auto formed = check_form(parser.get());
  auto request = from_beast(parser.get());
  if (!formed) check_failure(formed.error());
  check_credentials(request);
  check_source(request, settings.trusted_proxies);
  request.own_host = request.host.empty() ? "" : request.host.front();
  check_foreign(request, settings);
  check_upgrade(request);
  check_query(request);
  body_size_of(request);
}

}  // namespace spillway::fuzz
