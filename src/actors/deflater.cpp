#include "actors/deflater.hpp"

#include <zlib.h>

#include <algorithm>
#include <cassert>

namespace spillway::actors {

namespace {

// A segment of 256 ordinary lines is 40 KiB: a window of 16 KiB leaves at most 0.3 % more of it
// than one of 32 KiB, and is half the memory. Negative: raw deflate.
constexpr int deflate_window_bits = -14;
constexpr int deflate_memory_level = 7;
/// Where a sync flush ends, less the four bytes that the receiver puts there by itself.
constexpr std::size_t flush_marker = 4;
/// zlib writes a second marker where a flush finds less room than this.
constexpr std::size_t least_room = 64;
/// What one long message made the buffer is not kept.
constexpr std::size_t kept_capacity = 16 << 10;

}  // namespace

void deflater::end_stream::operator()(z_stream_s* stream) const {
  deflateEnd(stream);
  delete stream;
}

std::optional<deflater> deflater::make(int level) {
  auto stream = std::make_unique<z_stream>();
  if (deflateInit2(stream.get(), level, Z_DEFLATED, deflate_window_bits, deflate_memory_level,
                   Z_DEFAULT_STRATEGY) != Z_OK) {
    return std::nullopt;
  }
  return deflater(stream_ptr(stream.release()));
}

void deflater::reset() {
  deflateReset(stream_.get());
}

std::string_view deflater::compress(std::string_view message) {
  // The shortest message that holds nothing (RFC 7692 section 7.2.3.6): zlib would not flush twice.
  if (message.empty()) return {"\0", 1};
  if (out_.capacity() > kept_capacity) out_ = {};
  z_stream& z = *stream_;
  z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(message.data()));
  z.avail_in = static_cast<uInt>(message.size());
  std::size_t used = 0;
  do {
    // The flush is complete when it left some room.
    out_.resize(std::max(out_.size(), used + message.size() / 2 + least_room));
    z.next_out = reinterpret_cast<Bytef*>(out_.data() + used);
    z.avail_out = static_cast<uInt>(out_.size() - used);
    const int result = deflate(&z, Z_SYNC_FLUSH);
    // The only memory it takes it took when it was made.
    assert(result == Z_OK || result == Z_BUF_ERROR);
    static_cast<void>(result);
    used = out_.size() - z.avail_out;
  } while (z.avail_out == 0);
  return std::string_view(out_).substr(0, used - flush_marker);
}

}  // namespace spillway::actors
