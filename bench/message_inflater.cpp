#include "bench/message_inflater.hpp"

#include <zlib.h>

#include <array>

#include "bench/stop_request.hpp"

namespace spillway::bench {
namespace {

/// RFC 7692 section 7.2.2: what the sender has cut off every message.
constexpr std::string_view cut_off("\x00\x00\xff\xff", 4);
constexpr int raw_window_bits = -15;

}  // namespace

struct message_inflater::state {
  z_stream stream{};
};

message_inflater::message_inflater() : state_(std::make_unique<state>()) {
  if (::inflateInit2(&state_->stream, raw_window_bits) != Z_OK) throw failure("zlib has no memory");
}

message_inflater::~message_inflater() {
  ::inflateEnd(&state_->stream);
}

std::string_view message_inflater::inflate(std::string_view payload) {
  z_stream& z = state_->stream;
  message_.clear();
  for (std::string_view part : {payload, cut_off}) {
    z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(part.data()));
    z.avail_in = static_cast<uInt>(part.size());
    do {
      std::array<char, 4096> out;
      z.next_out = reinterpret_cast<Bytef*>(out.data());
      z.avail_out = out.size();
      const int code = ::inflate(&z, Z_SYNC_FLUSH);
      if (code != Z_OK && code != Z_BUF_ERROR) throw failure("a message does not inflate");
      message_.append(out.data(), out.size() - z.avail_out);
    } while (z.avail_in > 0 || z.avail_out == 0);
  }
  return message_;
}

}  // namespace spillway::bench
