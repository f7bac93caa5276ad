// Frames of the WebSocket protocol (RFC 6455 section 5). Those of the server are unmasked and never
// fragmented.
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

/// How the payload of a message stands in its frame: as it is, or as raw deflate without the empty
/// block at its end (RFC 7692 section 7.2.1), which RSV1 tells.
enum class payload_form : std::uint8_t { plain, deflated };

/// Writes the header of a text frame with FIN set; returns its size. `out` has room for
/// ws_header_size(payload_size) bytes.
std::size_t write_text_header(char* out, std::size_t payload_size,
                              payload_form form = payload_form::plain);

/// A server's ping without a payload.
inline constexpr std::string_view empty_ping{"\x89\x00", 2};

/// What is left of a client's bytes after the pongs that they begin with, as far as those are
/// whole. `bytes` begin with a frame.
std::string_view skip_pongs(std::string_view bytes);

}  // namespace spillway::protocol
