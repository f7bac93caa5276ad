// One compressed message of a client.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "protocol/close.hpp"

struct z_stream_s;

namespace spillway::net {

enum class message_kind : std::uint8_t { text, binary };

/// Inflates a message piece by piece (RFC 7692 section 7.2.2) and says what is wrong with it;
/// what clients send is not used otherwise. Takes about 40 KiB, 16 more for a text: made for one
/// message and gone with it. Context: its owner's.
class message_inflater {
 public:
  message_inflater(message_kind kind, std::size_t max_bytes);
  ~message_inflater();

  using failure = std::optional<protocol::close_frame>;

  /// The next bytes, unmasked. After a failure nothing more may be added.
  failure add(std::string_view bytes);
  /// The message is complete.
  failure finish();

 private:
  struct ender {
    void operator()(z_stream_s* stream) const;
  };
  failure take(const char* bytes, std::size_t count);

  std::unique_ptr<z_stream_s, ender> stream_;
  const message_kind kind_;
  const std::size_t max_bytes_;
  std::size_t inflated_bytes_ = 0;
  bool empty_ = true;
  /// Kept for a text alone: whether it is UTF-8 shows at its end.
  std::string text_;
};

}  // namespace spillway::net
