// Between Beast's messages and the room's own.
#pragma once

#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>

#include "net/http_message.hpp"
#include "net/reply_body.hpp"

namespace spillway::net {

/// Takes the body along; the credentials are left to read_credentials.
http_request from_beast(boost::beast::http::request<boost::beast::http::string_body>& message);

/// `version` as Beast writes it: 10 or 11.
boost::beast::http::response<reply_body> to_beast(reply made, unsigned version, bool keep_alive);

}  // namespace spillway::net
