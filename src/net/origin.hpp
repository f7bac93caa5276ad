// Which web pages may open a stream (CONTRACT section 3, RFC 6454).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace spillway::net {

/// Scheme, host and port, so written that equal origins are equal texts.
struct web_origin {
  std::string scheme;
  std::string host;
  std::string port;
  bool operator==(const web_origin&) const = default;
};

/// Reads `scheme://host[:port]`. Nothing for anything else: `null`, a path, a user, a bad port.
std::optional<web_origin> parse_origin(std::string_view text);

/// The origin that a request was sent to, from its Host field.
std::optional<web_origin> own_origin(std::string_view host, bool secure);

/// Does the page of `origin` (the field's value) belong to the server at `host`?
bool origin_allowed(std::string_view origin, std::string_view host, bool secure,
                    const std::vector<std::string>& allowed_origins);

}  // namespace spillway::net
