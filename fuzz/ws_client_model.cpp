#include "fuzz/ws_client_model.hpp"

#include <zlib.h>

#include <algorithm>
#include <optional>

#include "fuzz/require.hpp"
#include "protocol/utf8.hpp"

namespace spillway::fuzz {
namespace {

constexpr std::size_t most_bytes = 16 << 10;

constexpr std::uint16_t protocol_error = 1002;
constexpr std::uint16_t bad_payload = 1007;
constexpr std::uint16_t too_big = 1009;

/// RFC 6455 section 7.4, which says nothing of codes past 4999, and IANA's registry up to 1013.
bool may_be_sent(std::uint16_t code) {
  if (code >= 3000) return true;
  return code >= 1000 && code <= 1013 && code != 1004 && code != 1005 && code != 1006;
}

struct frame_header {
  bool fin, rsv1, rsv23, masked;
  int opcode;
  std::uint64_t length;
  bool length_is_minimal;
  std::size_t size;
};

/// Nothing where it is not whole.
std::optional<frame_header> read_header(std::string_view bytes) {
  auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(bytes[i]); };
  if (bytes.size() < 2) return std::nullopt;
  frame_header made{};
  made.fin = (byte(0) & 0x80) != 0;
  made.rsv1 = (byte(0) & 0x40) != 0;
  made.rsv23 = (byte(0) & 0x30) != 0;
  made.opcode = byte(0) & 0x0f;
  made.masked = (byte(1) & 0x80) != 0;
  const int marker = byte(1) & 0x7f;
  const std::size_t more = marker == 126 ? 2 : marker == 127 ? 8 : 0;
  made.size = 2 + more + (made.masked ? 4 : 0);
  if (bytes.size() < made.size) return std::nullopt;
  made.length = more == 0 ? static_cast<std::uint64_t>(marker) : 0;
  for (std::size_t i = 0; i < more; ++i) made.length = made.length << 8 | byte(2 + i);
  made.length_is_minimal = more == 0 || made.length > (more == 2 ? 125u : 0xffffu);
  return made;
}

class client_reader {
 public:
  client_reader(std::string_view bytes, bool deflate) : rest_(bytes), deflate_(deflate) {}

  client_reading read() {
    while (!rest_.empty() && next_frame()) {
    }
    return std::move(made_);
  }

 private:
  /// The server closes with this; nothing after it counts.
  bool end(std::set<std::uint16_t> codes) {
    // Compressed messages are looked at before Beast comes to what stands before them.
    const bool of_message = codes.contains(bad_payload) || codes.contains(too_big);
    if (deflate_ && of_message && !compressed_) codes.insert({bad_payload, too_big});
    made_.ends = std::move(codes);
    made_.may_live = false;
    return false;
  }

  /// Some of it has not come: what is wrong with the rest may show or not.
  bool stop_early(std::set<std::uint16_t> codes) {
    made_.ends = std::move(codes);
    return false;
  }

  bool next_frame() {
    const auto header = read_header(rest_);
    if (!header) return stop_early({protocol_error});
    const bool control = header->opcode >= 8;
    if (!header->masked || header->rsv23 || !header->length_is_minimal)
      return end({protocol_error});
    if (header->opcode > 10 || (header->opcode > 2 && header->opcode < 8)) {
      return end({protocol_error});
    }
    if (control && (!header->fin || header->rsv1 || header->length > 125)) {
      return end({protocol_error});
    }
    auto payload = std::string(rest_.substr(header->size, header->length));
    const auto mask = rest_.substr(header->size - 4, 4);
    for (std::size_t i = 0; i < payload.size(); ++i) {
      payload[i] = static_cast<char>(payload[i] ^ mask[i % 4]);
    }
    const bool whole = payload.size() == header->length;
    rest_.remove_prefix(header->size + payload.size());
    if (!control) return message_frame(*header, payload, whole);
    if (!whole) return stop_early({});
    return control_frame(header->opcode, payload);
  }

  bool control_frame(int opcode, const std::string& payload) {
    if (opcode == 9) made_.pings.push_back(payload);
    if (opcode != 8) return true;
    // Beast answers a close without a code by 1000.
    if (payload.empty()) return end({no_code, 1000});
    if (payload.size() == 1) return end({protocol_error});
    auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(payload[i]); };
    const auto code = static_cast<std::uint16_t>(byte(0) << 8 | byte(1));
    if (!may_be_sent(code)) return end({protocol_error});
    if (!protocol::is_valid_utf8(std::string_view(payload).substr(2))) {
      return end({protocol_error, bad_payload});
    }
    return end({code});
  }

  bool message_frame(const frame_header& header, const std::string& payload, bool whole) {
    const bool continues = header.opcode == 0;
    if (continues != in_message_) return end({protocol_error});
    if (header.rsv1 && (continues || !deflate_)) return end({protocol_error});
    if (!continues) {
      in_message_ = true;
      compressed_ = header.rsv1;
      text_ = header.opcode == 1;
      message_.clear();
    }
    const bool large = header.length > most_bytes - message_.size();
    message_ += payload;
    // Damage in it may be seen first, or how long it claims to be.
    if (large) return end(compressed_ ? std::set{too_big, bad_payload} : std::set{too_big});
    return compressed_ ? compressed_part(header.fin && whole, whole)
                       : plain_part(header.fin && whole, whole);
  }

  bool plain_part(bool last, bool whole) {
    const bool bad = text_ && !is_start_of_utf8(message_);
    if (bad && whole) return end({bad_payload});
    if (!whole) return stop_early(bad ? std::set{bad_payload} : std::set<std::uint16_t>{});
    if (last && text_ && !protocol::is_valid_utf8(message_)) return end({bad_payload});
    if (last) in_message_ = false;
    return true;
  }

  bool compressed_part(bool last, bool whole) {
    const auto part = last ? payload_part::all : payload_part::beginning;
    auto codes = judge_compressed(message_, part, text_);
    if (!codes.empty()) return end(std::move(codes));
    if (!whole) return stop_early({});
    if (last) in_message_ = false;
    return true;
  }

  /// What follows may still make it UTF-8.
  static bool is_start_of_utf8(std::string_view text) {
    for (std::size_t cut = 0; cut <= std::min<std::size_t>(3, text.size()); ++cut) {
      const auto head = text.substr(0, text.size() - cut);
      if (!protocol::is_valid_utf8(head)) continue;
      if (cut == 0) return true;
      const auto tail = text.substr(head.size());
      const auto part = protocol::first_utf8_part(tail);
      return !part.valid && part.size == tail.size() &&
             static_cast<std::uint8_t>(tail[0]) >= 0xc2 &&
             static_cast<std::uint8_t>(tail[0]) <= 0xf4;
    }
    return false;
  }

  std::string_view rest_;
  const bool deflate_;
  client_reading made_;
  bool in_message_ = false;
  bool compressed_ = false;
  bool text_ = false;
  std::string message_;
};

}  // namespace

client_reading read_as_client(std::string_view bytes, bool deflate) {
  return client_reader(bytes, deflate).read();
}

std::set<std::uint16_t> judge_compressed(std::string_view payload, payload_part part,
                                         bool is_text) {
  // RFC 7692 section 7.2.2, in one go; section 7.2.3.4 lets deflate data end and begin again.
  constexpr std::size_t look_ahead = 8'192;
  if (payload.empty()) return {};
  std::string in(payload);
  if (part == payload_part::all) in.append("\x00\x00\xff\xff", 4);
  std::string out;
  z_stream stream{};
  if (::inflateInit2(&stream, -15) != Z_OK) fail("zlib can begin");
  stream.next_in = reinterpret_cast<Bytef*>(in.data());
  stream.avail_in = static_cast<uInt>(in.size());
  bool damaged = false;
  bool at_block = false;
  while (!damaged && out.size() <= most_bytes + look_ahead) {
    char piece[997];
    stream.next_out = reinterpret_cast<Bytef*>(piece);
    stream.avail_out = sizeof piece;
    const int result = ::inflate(&stream, Z_NO_FLUSH);
    out.append(piece, sizeof piece - stream.avail_out);
    if (result == Z_BUF_ERROR) break;
    at_block = result == Z_STREAM_END || (stream.data_type & 128) != 0;
    damaged = result != Z_OK && result != Z_STREAM_END;
    if (result == Z_STREAM_END) ::inflateReset(&stream);
  }
  ::inflateEnd(&stream);
  if (out.size() > most_bytes) return damaged ? std::set{too_big, bad_payload} : std::set{too_big};
  if (damaged) return {bad_payload};
  if (part == payload_part::beginning) return {};
  const bool bad_text = is_text && !protocol::is_valid_utf8(out);
  return !at_block || bad_text ? std::set{bad_payload} : std::set<std::uint16_t>{};
}

}  // namespace spillway::fuzz
