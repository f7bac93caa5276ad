// Messages of a server, from its bytes.
#pragma once

#include <boost/beast/zlib/inflate_stream.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace spillway::sim {

struct server_message {
  enum class kind : std::uint8_t {
    text,
    ping,
    pong,
    /// `code` and `payload`, the reason.
    close,
    /// No frame that a server may send; `payload` says why.
    wrong
  };
  kind what = kind::wrong;
  /// Good until the next call, and as long as the bytes that it was read from.
  std::string_view payload;
  unsigned code = 0;
};

/// Reads frames as a server of streams sends them (RFC 6455 section 5.2): text in one frame each,
/// compressed ones (RFC 7692) where that was agreed upon. Not Beast's, which hands over a message a
/// turn of the event loop: thousands of viewers would wait for each other. Context: one thread.
class message_reader {
 public:
  enum class compression : std::uint8_t { none, one_context, context_a_message };

  explicit message_reader(compression agreed = compression::none) : agreed_(agreed) {}

  /// Takes the first message off `bytes`; nothing while it is not whole.
  std::optional<server_message> next(std::string_view& bytes);

 private:
  server_message message_of(unsigned first, std::string_view payload);
  server_message inflated(std::string_view payload);

  compression agreed_;
  std::unique_ptr<boost::beast::zlib::inflate_stream> inflater_;
  std::string in_;
  std::string out_;
};

/// A masked frame of a client, its mask zero, so that the payload stands as it is.
std::string client_frame(unsigned char first, std::string_view payload);

}  // namespace spillway::sim
