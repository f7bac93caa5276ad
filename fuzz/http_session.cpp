// A client's whole HTTP connection: requests of any form, one after the other, up to an upgrade.
#include "net/http_session.hpp"

#include <spdlog/spdlog.h>

#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <vector>

#include "fuzz/connection.hpp"
#include "fuzz/input.hpp"
#include "fuzz/require.hpp"
#include "fuzz/server_frames.hpp"
#include "fuzz/target.hpp"
#include "net/fakes.hpp"
#include "protocol/utf8.hpp"

namespace spillway::fuzz {
namespace {

using namespace net;
using namespace net::testing;
namespace http = boost::beast::http;

/// A server on one thread, which is this one: its workers, too, run when it is stepped.
class stepped_server {
 public:
  stepped_server() {
    settings.trusted_proxies = {*config::address_range::parse("::/0")};
    settings.allowed_origins = {"https://dash.example"};
    settings.limits.header_timeout = settings.stream.read_deadline = std::chrono::hours(24);
    settings.stream.ping_interval = settings.stream.stall_timeout = std::chrono::hours(23);
    catalog.long_transcript = std::string(100, 'x') + "\n";
    shared =
        std::make_shared<server_context>(dependencies{settings, users, accounts, audit, catalog,
                                                      engine, gateway, io.context.get_executor()},
                                         deadline_wheel::make(io.context, std::chrono::hours(1)));
  }
  ~stepped_server() {
    for (auto& viewer : gateway.viewers) viewer->forget();
  }

  void serve(client_end& client) {
    std::make_shared<http_session>(shared, client_socket(client.server_end(io.context)))->start();
    io.settle();
  }

  config::settings settings;
  /// Before what holds connections.
  stepped_io io;
  fake_identity users;
  fake_accounts accounts;
  fake_audit_trail audit;
  fake_catalog catalog;
  fake_engine engine;
  fake_gateway gateway;
  server_ptr shared;
};

struct answer {
  unsigned status = 0;
  std::string body;
  bool operator==(const answer&) const = default;
};

struct conversation {
  std::vector<answer> answers;
  bool upgraded = false;
  /// Clean of what the clock says.
  bool operator==(const conversation&) const = default;
};

void check_fields(const http::fields& fields) {
  static const std::set<std::string, boost::beast::iless> known = {"Server",
                                                                   "Content-Type",
                                                                   "X-Content-Type-Options",
                                                                   "Cache-Control",
                                                                   "Content-Length",
                                                                   "Connection",
                                                                   "WWW-Authenticate",
                                                                   "Retry-After",
                                                                   "Allow",
                                                                   "Set-Cookie",
                                                                   "Upgrade",
                                                                   "Sec-WebSocket-Version",
                                                                   "Sec-WebSocket-Accept",
                                                                   "Sec-WebSocket-Extensions",
                                                                   "Location",
                                                                   "Content-Disposition",
                                                                   "Content-Security-Policy",
                                                                   "Transfer-Encoding"};
  for (const auto& field : fields) {
    require(known.contains(std::string(field.name_string())), "no client puts a field into answers",
            std::string(field.name_string()));
  }
}

void check_answer(const http::response<http::string_body>& got) {
  static const std::set<unsigned> expected = {100, 101, 200, 201, 202, 204, 400, 401, 403, 404,
                                              405, 408, 409, 413, 417, 426, 429, 431, 503};
  require(expected.contains(got.result_int()), "an answer has a status that is documented",
          std::to_string(got.result_int()));
  check_fields(got);
  require(protocol::is_valid_utf8(got.body()), "a body is UTF-8", got.body());
  if (got[http::field::content_type] != "application/json" || got.body().empty()) return;
  const auto body = nlohmann::json::parse(got.body(), nullptr, false);
  require(!body.is_discarded(), "a body is JSON", got.body());
  if (got.result_int() >= 400) {
    require(body.is_object() && body.contains("error"), "an error says why", got.body());
  }
}

/// Whether an answer has a body depends on what was asked, which is not known here: a HEAD's has
/// none, and is then followed by the next answer or the end.
bool parse_one(std::string_view& bytes, bool head, http::response<http::string_body>& into) {
  http::response_parser<http::string_body> parser;
  parser.eager(true);
  parser.skip(head);
  boost::system::error_code error;
  const auto used = parser.put(boost::asio::buffer(bytes), error);
  if (error || !parser.is_done()) return false;
  bytes.remove_prefix(used);
  into = parser.release();
  return true;
}

conversation read_answers(std::string_view bytes) {
  conversation made;
  while (!bytes.empty() && !made.upgraded) {
    http::response<http::string_body> got;
    auto rest = bytes;
    if (!parse_one(rest, false, got) ||
        (!rest.empty() && !rest.starts_with("HTTP/1.1 ") && got.result_int() != 101)) {
      rest = bytes;
      require(parse_one(rest, true, got), "an answer is well-formed HTTP", bytes);
    }
    made.upgraded = got.result_int() == 101;
    if (made.upgraded) read_server_frames(bytes);
    bytes = rest;
    check_answer(got);
    // Sent or not as the body comes late or at once.
    if (got.result_int() != 100) made.answers.push_back({got.result_int(), got.body()});
  }
  return made;
}

/// Of a request that never becomes whole Beast tells earlier or later, or not at all, what is
/// wrong.
conversation without_parse_failure(conversation all) {
  if (all.answers.empty()) return all;
  const auto& last = all.answers.back();
  const bool malformed = last.body.find("not a well-formed HTTP") != std::string::npos;
  if (malformed || last.status == 431) all.answers.pop_back();
  return all;
}

std::string text_of(const conversation& all) {
  std::string text;
  for (const auto& each : all.answers) text += std::to_string(each.status) + " " + each.body + "\n";
  return text;
}

conversation talk(std::string_view bytes, std::uint8_t seed) {
  stepped_server server;
  client_end client;
  server.serve(client);
  std::string heard;
  in_pieces(bytes, seed, [&](std::string_view piece) {
    client.send(piece);
    server.io.settle();
    heard += client.receive();
    return !client.ended();
  });
  client.finish_sending();
  server.io.settle();
  heard += client.receive();
  require(client.ended(), "a client that goes ends its connection");
  for (const auto& viewer : server.gateway.viewers) {
    require(viewer->gone_count() == 1, "a stream is told of its end once");
  }
  require(server.shared->viewers->count() == 0, "a viewer's place is given back");
  return read_answers(heard);
}

}  // namespace

void prepare() {
  spdlog::set_level(spdlog::level::off);
}

void run(std::string_view bytes) {
  input_reader input(bytes);
  const auto seed = input.byte();
  const auto whole = talk(input.rest(), 0);
  const auto pieces = talk(input.rest(), seed == 0 ? 2 : seed);
  if (without_parse_failure(pieces) != without_parse_failure(whole)) {
    fail("pieces are answered the same", text_of(whole) + "or in pieces\n" + text_of(pieces));
  }
}

}  // namespace spillway::fuzz
