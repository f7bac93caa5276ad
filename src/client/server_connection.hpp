// The terminal client's side of the API: plain blocking calls.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

namespace spillway::client {

/// Where a server is and who asks. Context: one thread; everything blocks.
class server_connection {
 public:
  /// `url` is `http://HOST[:PORT]`. The error is a sentence that says what to write.
  static tl::expected<server_connection, std::string> make(std::string_view url, std::string token);

  struct stream_end {
    /// As in the server's close frame; 1006 where there was none.
    std::uint16_t code = 1006;
    std::string reason;
  };
  /// Opens a stream and hands over each frame's text until the server closes it. The error is a
  /// sentence: server down, token refused, unknown app.
  tl::expected<stream_end, std::string> follow(
      const std::string& target, const std::function<void(std::string_view)>& on_frame) const;

  struct reply {
    unsigned status = 0;
    std::string body;
  };
  tl::expected<reply, std::string> post(const std::string& target, const std::string& json) const;

 private:
  std::string host_;
  std::string port_;
  std::string token_;
};

/// The sentence in `{"error": …}`, or the status where there is none.
std::string error_sentence(unsigned status, std::string_view body);

}  // namespace spillway::client
