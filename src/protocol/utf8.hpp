// UTF-8 as WebSocket text frames demand it (RFC 3629).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace spillway::protocol {

/// U+FFFD, which stands in the place of what is not UTF-8.
inline constexpr std::string_view utf8_replacement = "\xEF\xBF\xBD";

/// A character at the start of some bytes, or the maximal ill-formed part that stands there.
struct utf8_part {
  std::size_t size;
  bool valid;
};

/// `bytes` is not empty.
utf8_part first_utf8_part(std::string_view bytes);

bool is_valid_utf8(std::string_view bytes);

/// Appends `bytes` with every maximal ill-formed part replaced by U+FFFD (the Unicode Standard,
/// section 3.9, "substitution of maximal subparts").
void append_repaired_utf8(std::string& out, std::string_view bytes);

std::string repaired_utf8(std::string_view bytes);

}  // namespace spillway::protocol
