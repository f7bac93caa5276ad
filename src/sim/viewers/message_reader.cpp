#include "sim/viewers/message_reader.hpp"

#include <algorithm>

namespace spillway::sim {

namespace {

namespace zlib = boost::beast::zlib;

constexpr unsigned fin = 0x80;
constexpr unsigned rsv1 = 0x40;
constexpr unsigned text_opcode = 1;
constexpr unsigned close_frame_opcode = 8;
constexpr unsigned ping_opcode = 9;
constexpr unsigned pong_opcode = 10;
constexpr std::size_t most_control_bytes = 125;
/// A line may be as long as logs.max_line allows, 16 MiB, and each byte of it six in JSON.
constexpr std::uint64_t most_message_bytes = 128 << 20;
constexpr std::size_t inflate_step = 16 << 10;
/// What a buffer may keep for the next message.
constexpr std::size_t kept_bytes = 64 << 10;

unsigned octet(std::string_view bytes, std::size_t i) {
  return static_cast<unsigned char>(bytes[i]);
}

server_message wrong_frame(std::string_view why) {
  return {server_message::kind::wrong, why, 0};
}

}  // namespace

std::optional<server_message> message_reader::next(std::string_view& bytes) {
  if (bytes.size() < 2) return {};
  const unsigned length = octet(bytes, 1);
  if (length >= 0x80) return wrong_frame("a frame of the server is masked");
  const std::size_t header = length < 126 ? 2 : length == 126 ? 4 : 10;
  if (bytes.size() < header) return {};
  std::uint64_t size = header == 2 ? length : 0;
  for (std::size_t i = 2; i < header; ++i) size = size << 8U | octet(bytes, i);
  if (size > most_message_bytes) return wrong_frame("a frame is longer than any line may be");
  if (bytes.size() - header < size) return {};
  const unsigned first = octet(bytes, 0);
  const auto payload = bytes.substr(header, size);
  bytes.remove_prefix(header + size);
  return message_of(first, payload);
}

server_message message_reader::message_of(unsigned first, std::string_view payload) {
  using kind = server_message::kind;
  if (first == (fin | text_opcode)) return {kind::text, payload, 0};
  if (first == (fin | rsv1 | text_opcode) && agreed_ != compression::none) {
    return inflated(payload);
  }
  if (payload.size() > most_control_bytes) return wrong_frame("a control frame is too long");
  if (first == (fin | ping_opcode)) return {kind::ping, payload, 0};
  if (first == (fin | pong_opcode)) return {kind::pong, payload, 0};
  if (first != (fin | close_frame_opcode)) {
    return wrong_frame("a frame is neither a whole text nor a control frame");
  }
  // Without a code it says 1005, "no status" (RFC 6455 section 7.1.5).
  if (payload.size() < 2) return {kind::close, {}, 1005};
  return {kind::close, payload.substr(2), octet(payload, 0) << 8U | octet(payload, 1)};
}

server_message message_reader::inflated(std::string_view payload) {
  if (!inflater_) inflater_ = std::make_unique<zlib::inflate_stream>();
  if (agreed_ == compression::context_a_message) inflater_->reset();
  // The empty block that the sender leaves out (RFC 7692 section 7.2.2).
  in_.assign(payload).append("\0\0\xff\xff", 4);
  zlib::z_params at;
  at.next_in = in_.data();
  at.avail_in = in_.size();
  out_.clear();
  do {
    const auto had = out_.size();
    if (had > most_message_bytes) return wrong_frame("a message is longer than any line may be");
    out_.resize(had + inflate_step);
    at.next_out = out_.data() + had;
    at.avail_out = inflate_step;
    boost::system::error_code error;
    inflater_->write(at, zlib::Flush::sync, error);
    out_.resize(had + inflate_step - at.avail_out);
    if (error && error != zlib::error::need_buffers) {
      return wrong_frame("a compressed message cannot be inflated");
    }
  } while (at.avail_out == 0);
  if (in_.capacity() > kept_bytes) in_ = {};
  return {server_message::kind::text, out_, 0};
}

std::string client_frame(unsigned char first, std::string_view payload) {
  std::string frame(1, static_cast<char>(first));
  const auto size = payload.size();
  if (size < 126) {
    frame += static_cast<char>(0x80 | size);
  } else if (size <= 0xffff) {
    frame += static_cast<char>(0xfe);
    frame += static_cast<char>(size >> 8U);
    frame += static_cast<char>(size & 0xffU);
  } else {
    frame += static_cast<char>(0xff);
    for (int shift = 56; shift >= 0; shift -= 8)
      frame += static_cast<char>(size >> static_cast<unsigned>(shift) & 0xffU);
  }
  return frame.append("\0\0\0\0", 4).append(payload);
}

}  // namespace spillway::sim
