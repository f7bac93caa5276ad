#include "protocol/close.hpp"

#include <cstring>
#include <string>

#include "protocol/utf8.hpp"

namespace spillway::protocol {
namespace {

/// The longest start of valid UTF-8 that fits into `max` bytes and splits no character.
std::string_view cut_between_characters(std::string_view text, std::size_t max) {
  if (text.size() <= max) return text;
  auto is_continuation = [](char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; };
  while (max > 0 && is_continuation(text[max])) --max;
  return text.substr(0, max);
}

}  // namespace

close_reason::close_reason(std::string_view text) {
  // A reason can quote an error of the engine; each byte becomes at least one byte when repaired,
  // so that what lies behind the first 126 can not matter.
  std::string repaired = repaired_utf8(text.substr(0, max_size + 3));
  std::string_view kept = cut_between_characters(repaired, max_size);
  std::memcpy(bytes_, kept.data(), kept.size());
  size_ = static_cast<std::uint8_t>(kept.size());
}

std::string_view protocol_failure_reason(std::uint16_t code) {
  switch (static_cast<close_code>(code)) {
    case close_code::protocol_error:
      return "protocol error";
    case close_code::bad_payload:
      return "message is not UTF-8";
    case close_code::too_big:
      return "message too big";
    default:
      return {};
  }
}

}  // namespace spillway::protocol
