// Compressed messages as clients send them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace spillway::net::testing {

/// A message's payload (RFC 7692 section 7.2.1), of a context of its own.
std::string deflated(std::string_view message, int window_bits = 15);

/// A masked client frame with RSV1 set: the first or only one of a compressed message.
std::string compressed_frame(std::uint8_t opcode, std::string_view payload, bool fin = true);

}  // namespace spillway::net::testing
