#include "net/deflater.hpp"

#include <zlib.h>

#include <stdexcept>

#include "net/raw_client.hpp"

namespace spillway::net::testing {

std::string deflated(std::string_view message, int window_bits) {
  z_stream stream{};
  if (::deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, -window_bits, 8,
                     Z_DEFAULT_STRATEGY) != Z_OK) {
    throw std::runtime_error("cannot deflate");
  }
  std::string out(message.size() + 1024, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(message.data()));
  stream.avail_in = static_cast<uInt>(message.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  ::deflate(&stream, Z_SYNC_FLUSH);
  out.resize(out.size() - stream.avail_out);
  ::deflateEnd(&stream);
  if (!out.ends_with(std::string_view("\x00\x00\xff\xff", 4))) {
    throw std::runtime_error("the message was not flushed");
  }
  out.resize(out.size() - 4);
  return out;
}

std::string compressed_frame(std::uint8_t opcode, std::string_view payload, bool fin) {
  auto frame = client_frame(opcode, payload, fin);
  frame[0] = static_cast<char>(frame[0] | 0x40);
  return frame;
}

}  // namespace spillway::net::testing
