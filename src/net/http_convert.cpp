#include "net/http_convert.hpp"

#include <boost/beast/http/rfc7230.hpp>

namespace spillway::net {

namespace http = boost::beast::http;

namespace {

/// `name`: a http::field, or the text of one.
template <class Name>
std::vector<std::string> all_values(const http::fields& fields, Name name) {
  std::vector<std::string> values;
  auto [begin, end] = fields.equal_range(name);
  for (auto it = begin; it != end; ++it) values.emplace_back(it->value());
  return values;
}

bool names_token(const http::fields& fields, http::field name, std::string_view token) {
  auto [begin, end] = fields.equal_range(name);
  for (auto it = begin; it != end; ++it) {
    if (http::token_list{it->value()}.exists(token)) return true;
  }
  return false;
}

/// Whether the list of codings has gzip with a weight above zero (RFC 9110, 12.5.3).
bool takes_gzip(const http::fields& fields) {
  for (const auto& coding : http::ext_list{fields[http::field::accept_encoding]}) {
    if (!boost::beast::iequals(coding.first, "gzip")) continue;
    for (const auto& [name, value] : coding.second) {
      if (boost::beast::iequals(name, "q")) {
        return value.find_first_of("123456789") != value.npos;
      }
    }
    return true;
  }
  return false;
}

}  // namespace

http_request from_beast(http::request<http::string_body>& message) {
  http_request made;
  made.method = message.method_string();
  set_target(made, message.target());
  made.body = std::move(message.body());
  made.host = all_values(message, http::field::host);
  made.origin = all_values(message, http::field::origin);
  made.authorization = all_values(message, http::field::authorization);
  made.cookie = all_values(message, http::field::cookie);
  made.if_none_match = message[http::field::if_none_match];
  made.takes_gzip = takes_gzip(message);
  made.forwarded = {all_values(message, "X-Forwarded-For"),
                    all_values(message, "X-Forwarded-Proto"),
                    all_values(message, "X-Forwarded-Host")};
  made.websocket.asked = names_token(message, http::field::upgrade, "websocket");
  made.websocket.connection = names_token(message, http::field::connection, "upgrade");
  made.websocket.http_1_1 = message.version() >= 11;
  made.websocket.key = message[http::field::sec_websocket_key];
  made.websocket.version = message[http::field::sec_websocket_version];
  made.websocket.extensions = all_values(message, http::field::sec_websocket_extensions);
  return made;
}

http::response<reply_body> to_beast(reply made, unsigned version, bool keep_alive) {
  http::response<reply_body> message{static_cast<http::status>(made.status), version};
  message.set(http::field::server, "spillway");
  message.set(http::field::content_type, made.content_type);
  message.set("X-Content-Type-Options", "nosniff");
  message.set(http::field::cache_control, "no-store");
  message.body() = {std::move(made.body), made.fixed_body};
  message.prepare_payload();
  if (message.result() == http::status::not_modified) {
    // Fields that a 200 would have and that tell nothing of this one (RFC 9110, 15.4.5).
    message.erase(http::field::content_length);
    message.erase(http::field::content_type);
  }
  message.keep_alive(keep_alive);
  // Last, since a reply may have a Connection field of its own.
  for (const auto& [name, value] : made.headers) message.set(name, value);
  return message;
}

}  // namespace spillway::net
