#include "bench/frame_counter.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>

#include "bench/fixed_hex.hpp"
#include "bench/stop_request.hpp"
#include "protocol/frames.hpp"

namespace spillway::bench {
namespace {

constexpr unsigned char opcode_text = 1;
constexpr unsigned char opcode_close = 8;
constexpr unsigned char opcode_ping = 9;
constexpr std::size_t row_header_size = 4;

struct frame_header {
  unsigned char first;
  std::size_t size;
  std::uint64_t payload;
};

std::uint64_t big_endian(std::string_view bytes) {
  std::uint64_t value = 0;
  for (char c : bytes) value = value << 8 | static_cast<unsigned char>(c);
  return value;
}

/// Nothing where more bytes are needed.
std::optional<frame_header> parse_header(std::string_view bytes) {
  if (bytes.size() < 2) return std::nullopt;
  const auto length = static_cast<unsigned char>(bytes[1]);
  if ((length & 0x80) != 0) throw failure("the server sent a masked frame");
  const std::size_t size = length < 126 ? 2 : length == 126 ? 4 : 10;
  if (bytes.size() < size) return std::nullopt;
  const std::uint64_t payload = size == 2 ? length : big_endian(bytes.substr(2, size - 2));
  return frame_header{static_cast<unsigned char>(bytes[0]), size, payload};
}

/// A pong with the ping's payload; a mask of zero leaves it as it is.
void append_pong(std::string& out, std::string_view payload) {
  out.push_back(static_cast<char>(0x8a));
  out.push_back(static_cast<char>(0x80 | payload.size()));
  out.append(4, '\0').append(payload);
}

/// Where the text of a line begins in its JSON, which does not depend on the line.
std::size_t text_offset() {
  static const std::size_t offset = [] {
    std::string frame;
    protocol::append_log_frame(frame, {{}, protocol::output_stream::standard_output, "id=", 0});
    return frame.find("id=");
  }();
  return offset;
}

std::uint32_t number_at(const char* text) {
  return static_cast<std::uint32_t>(read_hex(text + number_offset, number_digits));
}

std::uint64_t skipped_lines(std::string_view notice) {
  constexpr std::string_view key = R"("skipped": )";
  const auto at = notice.rfind(key);
  std::uint64_t count = 0;
  if (at == std::string_view::npos) return count;
  std::from_chars(notice.data() + at + key.size(), notice.data() + notice.size(), count);
  return count;
}

}  // namespace

std::size_t frame_counter::take(std::string_view bytes, std::int64_t now_us, bool thorough,
                                viewer_tally& viewer, message_inflater* inflater) {
  std::size_t taken = 0;
  for (;;) {
    taken += take_row(bytes.substr(taken), now_us, thorough, viewer);
    const std::string_view rest = bytes.substr(taken);
    const auto header = parse_header(rest);
    if (!header || rest.size() - header->size < header->payload) return taken;
    const auto payload = rest.substr(header->size, header->payload);
    taken += header->size + header->payload;
    switch (header->first & 0x0fu) {
      case opcode_text:
        ++group_.frames;
        if ((header->first & 0x40u) == 0) {
          take_text(payload, now_us, viewer);
        } else {
          ++group_.compressed_frames;
          if (inflater != nullptr) {
            take_text(inflater->inflate(payload), now_us, viewer);
          } else {
            ++viewer.unread;
            if (viewer.next) ++*viewer.next;
          }
        }
        break;
      case opcode_close:
        viewer.close_code = payload.size() < 2
                                ? 1005
                                : static_cast<std::uint16_t>(big_endian(payload.substr(0, 2)));
        break;
      case opcode_ping:
        ++group_.pings;
        append_pong(viewer.answers, payload);
        break;
      default:
        throw failure("the server sent a frame of an unknown kind");
    }
  }
}

std::size_t frame_counter::take_row(std::string_view bytes, std::int64_t now_us, bool thorough,
                                    viewer_tally& viewer) {
  if (row_header_ == 0) return 0;
  std::uint32_t count = 0;
  std::size_t at = 0;
  for (; at + row_stride_ <= bytes.size(); at += row_stride_, ++count) {
    std::uint32_t header;
    std::memcpy(&header, bytes.data() + at, sizeof header);
    if (header != row_header_) break;
  }
  if (count == 0) return 0;
  group_.frames += count;
  take_lines(bytes.data() + row_header_size + text_offset(), row_stride_, count, now_us, thorough,
             viewer);
  return at;
}

void frame_counter::take_text(std::string_view message, std::int64_t now_us, viewer_tally& viewer) {
  const auto line = message.substr(std::min(text_offset(), message.size()));
  if (line.starts_with("id=") && line.size() > stamps_size) {
    take_lines(line.data(), 0, 1, now_us, true, viewer);
    if (message.size() < 126 || message.size() > 0xffff) return;
    const std::array<unsigned char, row_header_size> header{
        0x81, 126, static_cast<unsigned char>(message.size() >> 8),
        static_cast<unsigned char>(message.size() & 0xff)};
    std::memcpy(&row_header_, header.data(), sizeof row_header_);
    row_stride_ = row_header_size + message.size();
    return;
  }
  const auto skipped = skipped_lines(message);
  if (skipped == 0) throw failure("a viewer was told: " + std::string(message.substr(0, 200)));
  viewer.skipped += skipped;
  if (viewer.next) *viewer.next += static_cast<std::uint32_t>(skipped);
}

void frame_counter::take_lines(const char* first_text, std::size_t stride, std::uint32_t count,
                               std::int64_t now_us, bool thorough, viewer_tally& viewer) {
  const std::uint32_t first = number_at(first_text);
  if (viewer.next && *viewer.next != first) ++viewer.gaps;
  for (std::uint32_t i = thorough ? 1 : count - 1; i < count && i > 0; ++i) {
    if (number_at(first_text + i * stride) != first + i) ++viewer.gaps;
  }
  viewer.next = first + count;
  const std::uint32_t every = group_.sample_every;
  for (std::uint32_t i = (0 - first) & (every - 1); i < count; i += every) {
    const char* text = first_text + i * stride;
    // Modulo the width of the field, so that the difference is right whatever the clock's origin.
    constexpr std::uint64_t field = (1ULL << (4 * sent_digits)) - 1;
    const auto sent = read_hex(text + sent_offset, sent_digits);
    group_.latency.add((static_cast<std::uint64_t>(now_us) - sent) & field);
  }
}

}  // namespace spillway::bench
