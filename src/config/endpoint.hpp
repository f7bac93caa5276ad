// Addresses to listen on or to connect to, as text.
#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "config/settings.hpp"

namespace spillway::config {

/// Parses `HOST:PORT`; an IPv6 address stands in brackets, `[::1]:8443`. Port 0 takes a free one.
/// The error is a sentence that says what is wrong and what to write.
tl::expected<endpoint, std::string> parse_endpoint(std::string_view text);

/// What parse_endpoint reads back as the same endpoint.
std::string format_endpoint(const endpoint& address);

}  // namespace spillway::config
