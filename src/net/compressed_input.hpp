// What a client sends once permessage-deflate is agreed on.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>

#include "net/message_inflater.hpp"

namespace spillway::net {

/// Stands between the socket and Beast, which knows nothing of the extension: Beast's own
/// permessage-deflate costs every connection 13 KiB while it is idle, and ends with a bare
/// disconnect what it cannot inflate. This costs a hundred bytes, and an inflater while a
/// compressed message is under way.
///
/// Frames of compressed messages lose their mark (RSV1) in place and pass as binary ones, so that
/// Beast counts their bytes and does not look for UTF-8 in them; their payload is inflated and
/// checked here. A frame that Beast refuses is left as it is, with all that follows, and
/// so is what follows a close frame. Context: the
/// connection's strand.
class compressed_input {
 public:
  using failure_handler = std::function<void(protocol::close_frame)>;

  /// The handler is called at most once, with the close frame that is due.
  compressed_input(std::size_t max_message_bytes, failure_handler on_failure)
      : max_message_bytes_(max_message_bytes), on_failure_(std::move(on_failure)) {}

  /// The next bytes from the socket.
  void pass(std::span<char> bytes);

 private:
  /// The bytes of a frame's header that have come, and how many there are in all.
  struct header {
    std::array<std::uint8_t, 14> bytes{};
    std::uint8_t have = 0;

    /// Not of a control frame.
    bool of_message() const;
    bool fin() const { return (bytes[0] & 0x80) != 0; }
    bool masked() const { return (bytes[1] & 0x80) != 0; }
    std::uint8_t length_size() const;
    std::uint8_t size() const;
    std::uint64_t length() const;
  };

  void begin_frame(char& first);
  void begin_payload();
  void take_payload(std::span<const char> masked);
  void end_frame();
  void check(const message_inflater::failure& wrong);

  const std::size_t max_message_bytes_;
  failure_handler on_failure_;
  header header_;
  std::uint64_t payload_left_ = 0;
  std::uint64_t payload_done_ = 0;
  /// A message has begun and not ended, compressed or not.
  bool in_message_ = false;
  /// The client broke the protocol in a way that Beast sees, or has closed.
  bool refused_ = false;
  /// Set while a compressed message is under way that is in order so far.
  std::unique_ptr<message_inflater> inflater_;
};

}  // namespace spillway::net
