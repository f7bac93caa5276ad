// What a client hears: the server's side of a WebSocket, read strictly.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace spillway::fuzz {

struct server_close {
  std::uint16_t code = 0;
  std::string reason;
};

struct server_frames {
  std::vector<std::string> messages;
  std::vector<std::string> pongs;
  std::optional<server_close> close;
};

/// `bytes` begin with the answer to the handshake, as far as the server has sent that. A finding
/// where anything in them is not as RFC 6455 has it, or comes after a close frame.
server_frames read_server_frames(std::string_view bytes);

}  // namespace spillway::fuzz
