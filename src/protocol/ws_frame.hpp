// Server frames (RFC 6455 section 5.2): unmasked, never fragmented.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace spillway::protocol {

/// The longest header of a server frame: two bytes and a 64-bit length.
inline constexpr std::size_t max_ws_header_size = 10;

constexpr std::size_t ws_header_size(std::size_t payload_size) {
  return payload_size < 126 ? 2 : payload_size <= 0xffff ? 4 : 10;
}

/// Writes the header of a text frame with FIN set; returns its size. `out` has room for
/// ws_header_size(payload_size) bytes.
std::size_t write_text_header(char* out, std::size_t payload_size);

}  // namespace spillway::protocol
