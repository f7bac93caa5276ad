#include "protocol/ws_frame.hpp"

namespace spillway::protocol {
namespace {

constexpr char final_text_frame = static_cast<char>(0x81);           // FIN and opcode 1
constexpr char final_deflated_text_frame = static_cast<char>(0xc1);  // and RSV1

void write_big_endian(char* out, std::uint64_t value, int bytes) {
  for (int i = bytes - 1; i >= 0; --i, value >>= 8) out[i] = static_cast<char>(value & 0xff);
}

constexpr char final_pong_frame = static_cast<char>(0x8a);
constexpr std::size_t client_header_size = 6;  // with a length below 126, and the mask
constexpr std::size_t max_control_payload = 125;

}  // namespace

std::size_t write_text_header(char* out, std::size_t payload_size, payload_form form) {
  out[0] = form == payload_form::plain ? final_text_frame : final_deflated_text_frame;
  std::size_t header_size = ws_header_size(payload_size);
  if (header_size == 2) {
    out[1] = static_cast<char>(payload_size);
  } else if (header_size == 4) {
    out[1] = 126;
    write_big_endian(out + 2, payload_size, 2);
  } else {
    out[1] = 127;
    write_big_endian(out + 2, payload_size, 8);
  }
  return header_size;
}

std::string_view skip_pongs(std::string_view bytes) {
  while (bytes.size() >= client_header_size && bytes[0] == final_pong_frame) {
    const auto second = static_cast<unsigned char>(bytes[1]);
    const std::size_t payload_size = second & 0x7f;
    const bool masked = (second & 0x80) != 0;
    if (!masked || payload_size > max_control_payload) break;
    if (bytes.size() < client_header_size + payload_size) break;
    bytes.remove_prefix(client_header_size + payload_size);
  }
  return bytes;
}

}  // namespace spillway::protocol
