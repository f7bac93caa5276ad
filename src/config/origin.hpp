// Web origins (RFC 6454).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace spillway::config {

/// Parses `scheme://host[:port]` and returns it as browsers send it in an Origin header: lower
/// case, without the default port of http and https. Nothing where there is more or less than an
/// origin, or a pattern such as `https://*.example`: it would match no page.
std::optional<std::string> normalised_origin(std::string_view text);

}  // namespace spillway::config
