#include "net/request_form.hpp"

#include <boost/beast/core/string.hpp>
#include <boost/beast/http/error.hpp>
#include <iterator>

namespace spillway::net {

namespace http = boost::beast::http;

namespace {

/// Beast sees a body in chunks only where `chunked` is the last coding, and otherwise none at all:
/// the body would be read as the next request, which a proxy in front has not seen (RFC 9112
/// section 6.1). So the one coding that is known stands alone, or the request is refused.
bool framing_is_clear(const http::fields& fields, unsigned version) {
  auto [begin, end] = fields.equal_range(http::field::transfer_encoding);
  if (begin == end) return true;
  return std::next(begin) == end && version >= 11 &&
         fields.count(http::field::content_length) == 0 &&
         boost::beast::iequals(begin->value(), "chunked");
}

bool fields_differ(const http::fields& fields, http::field name) {
  auto [begin, end] = fields.equal_range(name);
  for (auto at = begin; at != end; ++at) {
    if (at->value() != begin->value()) return true;
  }
  return false;
}

}  // namespace

reply parse_failure(boost::system::error_code error, bool timed_out) {
  if (timed_out) return error_reply(408, "the request took too long to arrive");
  if (error == http::error::header_limit || error == http::error::buffer_overflow) {
    return error_reply(431, "the request's header is too large");
  }
  if (error == http::error::body_limit) return error_reply(413, "the request's body is too large");
  return error_reply(400, "this is not a well-formed HTTP request");
}

result<void> check_form(const http::request<http::string_body>& message) {
  auto refuse = [](const char* sentence) { return tl::unexpected(failure{400, sentence}); };
  if (!framing_is_clear(message, message.version())) {
    return refuse("Transfer-Encoding must be chunked alone, in HTTP/1.1, without Content-Length");
  }
  if (!message.target().starts_with('/')) return refuse("the request target must be a path");
  if (message.version() >= 11 && message.count(http::field::host) == 0) {
    return refuse("the field Host is missing");
  }
  if (fields_differ(message, http::field::sec_websocket_key) ||
      fields_differ(message, http::field::sec_websocket_version)) {
    return refuse("two Sec-WebSocket fields of one name differ");
  }
  return {};
}

}  // namespace spillway::net
