#include "fuzz/server_frames.hpp"

#include "fuzz/require.hpp"
#include "fuzz/ws_client_model.hpp"
#include "protocol/utf8.hpp"

namespace spillway::fuzz {
namespace {

server_close read_close(std::string_view payload) {
  server_close made;
  require(payload.size() != 1, "a close frame has no code or a whole one");
  made.code = no_code;
  if (payload.empty()) return made;
  made.code = static_cast<std::uint16_t>(static_cast<std::uint8_t>(payload[0]) << 8 |
                                         static_cast<std::uint8_t>(payload[1]));
  made.reason = payload.substr(2);
  require(protocol::is_valid_utf8(made.reason), "a close reason is UTF-8", made.reason);
  return made;
}

}  // namespace

server_frames read_server_frames(std::string_view bytes) {
  server_frames made;
  const auto head = bytes.find("\r\n\r\n");
  if (head == std::string_view::npos) return made;
  require(bytes.starts_with("HTTP/1.1 101 "), "the handshake is answered", bytes.substr(0, head));
  bytes.remove_prefix(head + 4);
  auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(bytes[i]); };
  while (!bytes.empty()) {
    require(!made.close, "nothing follows a close frame");
    // A connection that is cut may end within a frame.
    if (bytes.size() < 2) return made;
    const int opcode = byte(0) & 0x0f;
    std::uint64_t length = byte(1) & 0x7f;
    std::size_t header = 2;
    if (length >= 126) header = length == 126 ? 4 : 10;
    if (bytes.size() < header) return made;
    if (header > 2) length = 0;
    for (std::size_t i = 2; i < header; ++i) length = length << 8 | byte(i);
    require((byte(0) & 0xf0) == 0x80, "frames are whole messages without reserved bits");
    require((byte(1) & 0x80) == 0, "a server's frames are not masked");
    require(opcode == 1 || (opcode >= 8 && length < 126), "frames are text or control");
    if (bytes.size() - header < length) return made;
    const auto payload = bytes.substr(header, length);
    bytes.remove_prefix(header + length);
    if (opcode == 1) made.messages.emplace_back(payload);
    if (opcode == 10) made.pongs.emplace_back(payload);
    if (opcode == 8) made.close = read_close(payload);
    require(opcode != 9, "time does not pass, so no ping is due");
  }
  return made;
}

}  // namespace spillway::fuzz
