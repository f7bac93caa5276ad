#include "protocol/utf8.hpp"

#include <cstdint>
#include <cstring>

namespace spillway::protocol {
namespace {

/// What may follow a lead byte (the Unicode Standard, table 3-7): how many bytes the character has,
/// and the range of the second one. The bytes after it are always 80..BF.
struct lead_byte {
  std::size_t size;
  std::uint8_t second_min;
  std::uint8_t second_max;
};

constexpr lead_byte classify_lead(std::uint8_t byte) {
  if (byte < 0x80) return {1, 0, 0};
  if (byte < 0xc2) return {0, 0, 0};  // a continuation, or an overlong form
  if (byte < 0xe0) return {2, 0x80, 0xbf};
  if (byte == 0xe0) return {3, 0xa0, 0xbf};
  if (byte == 0xed) return {3, 0x80, 0x9f};  // no surrogates
  if (byte < 0xf0) return {3, 0x80, 0xbf};
  if (byte == 0xf0) return {4, 0x90, 0xbf};
  if (byte < 0xf4) return {4, 0x80, 0xbf};
  if (byte == 0xf4) return {4, 0x80, 0x8f};  // up to U+10FFFF
  return {0, 0, 0};
}

/// How many bytes at the start are ASCII, eight at a time.
std::size_t ascii_prefix(std::string_view bytes) {
  std::size_t i = 0;
  for (; i + 8 <= bytes.size(); i += 8) {
    std::uint64_t word;
    std::memcpy(&word, bytes.data() + i, 8);
    if ((word & 0x8080808080808080u) != 0) break;
  }
  while (i < bytes.size() && static_cast<std::uint8_t>(bytes[i]) < 0x80) ++i;
  return i;
}

}  // namespace

utf8_part first_utf8_part(std::string_view bytes) {
  auto at = [&](std::size_t i) { return static_cast<std::uint8_t>(bytes[i]); };
  lead_byte lead = classify_lead(at(0));
  if (lead.size <= 1) return {1, lead.size == 1};
  for (std::size_t i = 1; i < lead.size; ++i) {
    std::uint8_t min = i == 1 ? lead.second_min : 0x80;
    std::uint8_t max = i == 1 ? lead.second_max : 0xbf;
    if (i == bytes.size() || at(i) < min || at(i) > max) return {i, false};
  }
  return {lead.size, true};
}

bool is_valid_utf8(std::string_view bytes) {
  for (;;) {
    bytes.remove_prefix(ascii_prefix(bytes));
    if (bytes.empty()) return true;
    utf8_part part = first_utf8_part(bytes);
    if (!part.valid) return false;
    bytes.remove_prefix(part.size);
  }
}

void append_repaired_utf8(std::string& out, std::string_view bytes) {
  for (;;) {
    std::size_t ascii = ascii_prefix(bytes);
    out.append(bytes.data(), ascii);
    bytes.remove_prefix(ascii);
    if (bytes.empty()) return;
    utf8_part part = first_utf8_part(bytes);
    out.append(part.valid ? bytes.substr(0, part.size) : utf8_replacement);
    bytes.remove_prefix(part.size);
  }
}

std::string repaired_utf8(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size());
  append_repaired_utf8(out, bytes);
  return out;
}

}  // namespace spillway::protocol
