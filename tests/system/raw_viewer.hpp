// A viewer that speaks permessage-deflate by hand, with zlib.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "system/http_client.hpp"

struct z_stream_s;

namespace spillway::system_test {

struct raw_message {
  std::string text;
  /// RSV1 was set (RFC 7692 section 6).
  bool compressed = false;
};

struct raw_viewer_options {
  http_headers headers;
  std::string offer = "permessage-deflate; client_max_window_bits";
  /// SO_RCVBUF; 0 leaves the kernel's choice.
  int receive_buffer_bytes = 0;
};

/// Reads only when it is asked to. Compressed messages are inflated in one context that lives as
/// long as the connection (RFC 7692 section 7.2.2); what cannot be inflated throws.
/// Context: the test's thread.
class raw_viewer {
 public:
  /// Throws where the upgrade is refused.
  raw_viewer(const address& where, const std::string& target, const raw_viewer_options& options);
  raw_viewer(const raw_viewer&) = delete;
  raw_viewer& operator=(const raw_viewer&) = delete;
  ~raw_viewer();

  /// The answer's `Sec-WebSocket-Extensions`; empty without one.
  const std::string& extensions() const { return extensions_; }

  /// Reads on until there are so many messages; false where the stream ends or nothing comes.
  bool read_until_count(std::size_t count);
  /// Reads on to the close frame and answers it; false where none comes.
  bool read_to_end();

  const std::vector<raw_message>& messages() const { return messages_; }
  std::vector<std::string> frames() const;
  unsigned close_code() const { return close_code_; }
  /// Of the messages: with their frame headers on the wire, and inflated.
  std::size_t wire_bytes() const { return wire_bytes_; }
  std::size_t payload_bytes() const { return payload_bytes_; }

 private:
  struct ender {
    void operator()(z_stream_s* stream) const;
  };

  void shake_hands(const address& where, const std::string& target,
                   const raw_viewer_options& options);
  bool fill(std::size_t bytes);
  bool read_frame();
  std::string inflated(std::string payload);

  int fd_ = -1;
  std::string extensions_;
  std::string in_;
  std::size_t at_ = 0;
  std::unique_ptr<z_stream_s, ender> context_;
  std::vector<raw_message> messages_;
  unsigned close_code_ = 0;
  std::size_t wire_bytes_ = 0;
  std::size_t payload_bytes_ = 0;
};

}  // namespace spillway::system_test
