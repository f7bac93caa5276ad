// Numbers of fixed width in a line's text: what lets a viewer check order and measure latency
// without a parser.
#pragma once

#include <cstddef>
#include <cstdint>

namespace spillway::bench {

/// `id=0000002a at=00001a2b3c `: the line's number, and when it was sent (monotonic_us).
inline constexpr std::size_t number_offset = 3;
inline constexpr std::size_t number_digits = 8;
inline constexpr std::size_t sent_offset = 15;
inline constexpr std::size_t sent_digits = 10;
inline constexpr std::size_t stamps_size = 26;

inline void write_hex(char* out, std::size_t digits, std::uint64_t value) {
  for (std::size_t i = digits; i-- > 0; value >>= 4) out[i] = "0123456789abcdef"[value & 0xf];
}

/// The digits are taken for granted.
inline std::uint64_t read_hex(const char* digits, std::size_t count) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const auto c = static_cast<unsigned char>(digits[i]);
    value = value << 4 | ((c & 0xfu) + (c >> 6) * 9);
  }
  return value;
}

}  // namespace spillway::bench
