// Docker's answer to /containers/{id}/logs?timestamps=1, turned into whole lines.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "protocol/bounded_line.hpp"
#include "protocol/log_line.hpp"

namespace spillway::protocol {

enum class log_framing : std::uint8_t {
  /// Each entry in a frame of its own with an 8-byte header (Engine API, "ContainerAttach": stream
  /// format).
  multiplexed,
  /// A container with a TTY: the entries one after the other, all of them stdout.
  raw
};

/// Docker writes a log as entries, `<RFC 3339, nine digits> <bytes>`. A line longer than 16 KiB is
/// several entries: all but the last have exactly 16384 bytes and no newline, and each has its own
/// timestamp. The parser joins them again.
///
///     header ──8 bytes──▶ stamp ──space──▶ content ──end of the frame──▶ header   (multiplexed)
///                         stamp ──space──▶ content ──newline or 16384 bytes──▶ stamp      (raw)
///
/// Memory is bounded by the length of the longest line kept, whatever is fed.
class docker_log_parser {
 public:
  /// Longer lines are cut and marked, see bounded_line.
  docker_log_parser(log_framing framing, std::size_t max_line_bytes);

  /// Takes the next bytes, split anywhere, and appends the lines that they complete. The error is
  /// a sentence; nothing may be fed after it.
  tl::expected<void, std::string> feed(std::string_view bytes, log_lines& out);

  /// The stream has ended: appends what has no newline. An error where it ended within a frame.
  tl::expected<void, std::string> finish(log_lines& out);

  /// Entries begun so far, by which `tail` counts.
  std::uint64_t entries() const { return entries_; }

 private:
  /// A line under way; stdout and stderr have one each.
  struct assembly {
    output_stream stream;
    bounded_line text;
    timestamp first_at;
    timestamp entry_at;
    std::uint64_t hash = 0;
    bool open = false;
  };
  enum class state : std::uint8_t { header, stamp, content };

  tl::expected<void, std::string> take_header(std::string_view& bytes);
  void take_frame(std::string_view& bytes, log_lines& out);
  void end_frame(log_lines& out);
  void take_stamp(std::string_view& bytes, log_lines& out);
  void take_raw_content(std::string_view& bytes, log_lines& out);
  void begin_entry(timestamp at);
  void begin_without_stamp(log_lines& out);
  void take_content(std::string_view bytes, log_lines& out);
  void open_line(assembly& line);
  void end_line(assembly& line, log_lines& out);

  log_framing framing_;
  state state_;
  std::array<assembly, 2> lines_;
  assembly* line_;
  timestamp last_at_{};
  std::array<unsigned char, 8> header_{};
  std::size_t header_size_ = 0;
  std::size_t frame_left_ = 0;
  /// What may be a timestamp; long enough for one with an offset and the space after it.
  std::string stamp_;
  /// Bytes of the entry after its timestamp.
  std::uint64_t content_size_ = 0;
  std::uint64_t entries_ = 0;
};

}  // namespace spillway::protocol
