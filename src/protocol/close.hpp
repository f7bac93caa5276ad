// Close codes and reasons of the streams (RFC 6455 section 7.4, CONTRACT section 4).
#pragma once

#include <cstdint>
#include <string_view>

namespace spillway::protocol {

enum class close_code : std::uint16_t {
  normal = 1000,
  going_away = 1001,
  protocol_error = 1002,
  bad_payload = 1007,
  policy_violation = 1008,
  too_big = 1009,
  internal_error = 1011
};

/// The text in a close frame: at most 123 bytes of UTF-8 by construction (RFC 6455 section 5.5
/// bounds a control frame at 125, two are the code). A longer text is cut between characters.
class close_reason {
 public:
  static constexpr std::size_t max_size = 123;

  close_reason() = default;
  close_reason(std::string_view text);  // NOLINT(google-explicit-constructor): texts are reasons

  std::string_view text() const { return {bytes_, size_}; }
  bool operator==(const close_reason& other) const { return text() == other.text(); }

 private:
  char bytes_[max_size] = {};
  std::uint8_t size_ = 0;
};

struct close_frame {
  close_code code = close_code::normal;
  close_reason reason;
  bool operator==(const close_frame&) const = default;
};

/// The reason for a close frame that the WebSocket layer sends by itself: 1002, 1007 and 1009.
/// Empty for any other code.
std::string_view protocol_failure_reason(std::uint16_t code);

}  // namespace spillway::protocol
