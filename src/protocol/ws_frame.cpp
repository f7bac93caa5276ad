#include "protocol/ws_frame.hpp"

namespace spillway::protocol {
namespace {

constexpr char final_text_frame = static_cast<char>(0x81);           // FIN and opcode 1
constexpr char final_deflated_text_frame = static_cast<char>(0xc1);  // and RSV1

void write_big_endian(char* out, std::uint64_t value, int bytes) {
  for (int i = bytes - 1; i >= 0; --i, value >>= 8) out[i] = static_cast<char>(value & 0xff);
}

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

}  // namespace spillway::protocol
