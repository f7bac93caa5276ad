// The client's half of permessage-deflate (RFC 7692), for messages from the server.
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace spillway::bench {

/// Keeps its window from message to message. Context: one thread.
class message_inflater {
 public:
  message_inflater();
  ~message_inflater();

  /// The message of a frame with RSV1 set. Valid until the next call. Throws `failure` where the
  /// bytes are none.
  std::string_view inflate(std::string_view payload);

 private:
  struct state;
  std::unique_ptr<state> state_;
  std::string message_;
};

}  // namespace spillway::bench
