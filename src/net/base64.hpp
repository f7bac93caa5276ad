// Base64 as RFC 4648 section 4 writes it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace spillway::net {

/// Strict: padded, no other characters (line breaks neither), no bits left over.
std::optional<std::string> decode_base64(std::string_view text);

std::string encode_base64(std::string_view bytes);

}  // namespace spillway::net
