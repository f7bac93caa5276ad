// What is refused for how it came: what could not be parsed, and headers that must not be believed.
#pragma once

#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>

#include "net/http_message.hpp"

namespace spillway::net {

/// The answer to what Beast could not read as a request, or not in time.
reply parse_failure(boost::system::error_code error, bool timed_out);

/// To be asked before anything of the body is read: 400 for a body whose end others may see
/// elsewhere than we do, for a request that names no host or no path, and for one that says two
/// things about its upgrade. The connection must then not be read on.
result<void> check_form(
    const boost::beast::http::request<boost::beast::http::string_body>& message);

}  // namespace spillway::net
