#include "net/message_inflater.hpp"

#include <zlib.h>

#include <array>
#include <new>

#include "protocol/utf8.hpp"

namespace spillway::net {
namespace {

using protocol::close_code;
using protocol::close_frame;

/// The client's window is not negotiated, so it is the largest; the sign stands for raw deflate.
constexpr int raw_window_bits = -15;
/// Set in data_type when zlib stands at the start of a block.
constexpr int between_blocks = 128;
/// What a sender cuts off a message and a receiver puts back (RFC 7692 section 7.2.1).
constexpr std::string_view message_tail{"\x00\x00\xff\xff", 4};

close_frame invalid_data() {
  return {close_code::bad_payload, {"compressed message is damaged"}};
}

close_frame broken_limit(close_code code) {
  return {code, protocol::protocol_failure_reason(static_cast<std::uint16_t>(code))};
}

}  // namespace

void message_inflater::ender::operator()(z_stream_s* stream) const {
  ::inflateEnd(stream);
  delete stream;
}

message_inflater::message_inflater(message_kind kind, std::size_t max_bytes)
    : kind_(kind), max_bytes_(max_bytes) {
  auto stream = std::make_unique<z_stream>();
  if (::inflateInit2(stream.get(), raw_window_bits) != Z_OK) throw std::bad_alloc();
  stream_.reset(stream.release());
}

message_inflater::~message_inflater() = default;

message_inflater::failure message_inflater::add(std::string_view bytes) {
  if (!bytes.empty()) empty_ = false;
  std::array<char, 4096> out;
  // zlib does not write to its input; its interface is older than const.
  stream_->next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream_->avail_in = static_cast<uInt>(bytes.size());
  do {
    stream_->next_out = reinterpret_cast<Bytef*>(out.data());
    stream_->avail_out = out.size();
    int result = ::inflate(stream_.get(), Z_SYNC_FLUSH);
    // No progress: everything is read and everything is out.
    if (result == Z_BUF_ERROR) break;
    if (result != Z_OK && result != Z_STREAM_END) return invalid_data();
    if (auto wrong = take(out.data(), out.size() - stream_->avail_out)) return wrong;
    // A sender may end its deflate data and go on with new one (section 7.2.3.4).
    if (result == Z_STREAM_END) {
      if (::inflateReset(stream_.get()) != Z_OK) return invalid_data();
      stream_->data_type = between_blocks;
    }
  } while (stream_->avail_in > 0 || stream_->avail_out == 0);
  return std::nullopt;
}

message_inflater::failure message_inflater::take(const char* bytes, std::size_t count) {
  inflated_bytes_ += count;
  if (inflated_bytes_ > max_bytes_) return broken_limit(close_code::too_big);
  if (kind_ == message_kind::text) text_.append(bytes, count);
  return std::nullopt;
}

message_inflater::failure message_inflater::finish() {
  // Nothing at all is not what section 7.2.3.6 makes of an empty message, but it is clear.
  if (empty_) return std::nullopt;
  if (auto wrong = add(message_tail)) return wrong;
  if ((stream_->data_type & between_blocks) == 0) return invalid_data();
  if (kind_ == message_kind::text && !protocol::is_valid_utf8(text_)) {
    return broken_limit(close_code::bad_payload);
  }
  return std::nullopt;
}

}  // namespace spillway::net
