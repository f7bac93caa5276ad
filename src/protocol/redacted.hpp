// Text that a client chose, without the tokens in it.
#pragma once

#include <string>
#include <string_view>

namespace spillway::protocol {

/// The same text, with `sd_***` in place of all that could be a bearer token (`sd_` and at least 16
/// characters of base64url): people paste them into paths, and logs are read by others.
std::string redacted(std::string_view text);

}  // namespace spillway::protocol
