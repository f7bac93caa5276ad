#include "fuzz/docker_log_writer.hpp"

#include <array>
#include <optional>

namespace spillway::fuzz {
namespace {

using namespace protocol;

constexpr std::size_t entry_bytes = 16384;
constexpr std::size_t most_bytes = 200'000;

/// Around everything that Docker and the parser cut at.
constexpr std::size_t lengths[] = {0,         1,         2,         29,        30,
                                   31,        36,        100,       16383,     16384,
                                   16385,     16383 * 2, 16384 * 2, 16385 * 2, 16384 * 2 + 31,
                                   16384 * 3, 40'000};

/// A line that is sent entry by entry.
struct open_line {
  written_line line;
  std::size_t sent = 0;
};

class log_writer {
 public:
  explicit log_writer(log_framing framing) : framing_(framing) {}

  void begin(output_stream stream, std::size_t length, std::uint8_t kind) {
    auto& line = of(stream);
    if (line) end(stream);
    line.emplace();
    line->line.stream = stream;
    line->line.text = text_of(length, kind);
  }

  void send_entry(output_stream stream, bool with_offset = false) {
    auto& line = of(stream);
    if (!line) return;
    const auto at = next_time();
    if (line->sent == 0) line->line.at = at;
    auto part = std::string_view(line->line.text).substr(line->sent, entry_bytes);
    line->sent += part.size();
    const bool last = line->sent == line->line.text.size() && part.size() < entry_bytes;
    write(stream, stamp(at, with_offset) + " " + std::string(part) + (last ? ending() : ""));
    ++log_.entries;
    if (last) finish(stream);
  }

  void end(output_stream stream) {
    while (of(stream)) send_entry(stream);
  }

  std::size_t size() const { return log_.bytes.size(); }

  written_log result() {
    end(output_stream::standard_output);
    end(output_stream::standard_error);
    return std::move(log_);
  }

 private:
  std::optional<open_line>& of(output_stream stream) {
    return open_[stream == output_stream::standard_output ? 0 : 1];
  }

  /// A terminal ends its lines with both, and takes the return off.
  const char* ending() const { return framing_ == log_framing::raw ? "\r\n" : "\n"; }

  static std::string stamp(timestamp at, bool with_offset) {
    if (!with_offset) return format_rfc3339_nano(at);
    auto text = format_rfc3339_nano(at + std::chrono::minutes(90));
    text.pop_back();
    return text + "+01:30";
  }

  timestamp next_time() {
    at_ += std::chrono::nanoseconds{1'000'001};
    return at_;
  }

  void finish(output_stream stream) {
    log_.lines.push_back(std::move(of(stream)->line));
    of(stream).reset();
  }

  void write(output_stream stream, const std::string& entry) {
    if (framing_ == log_framing::multiplexed) {
      std::string header(8, '\0');
      header[0] = stream == output_stream::standard_output ? 1 : 2;
      for (std::size_t i = 0; i < 4; ++i) {
        header[7 - i] = static_cast<char>(entry.size() >> 8 * i & 0xff);
      }
      log_.bytes += header;
    }
    log_.bytes += entry;
  }

  static std::string text_of(std::size_t length, std::uint8_t kind) {
    // One that looks like what stands before it, one with blanks, one that is no text.
    static const std::string patterns[] = {"x", "2026-04-17T10:14:32.118000000Z ", " ", "\xff\x80",
                                           "a\rb"};
    const auto& pattern = patterns[kind % std::size(patterns)];
    std::string text;
    while (text.size() < length) text += pattern;
    text.resize(length);
    // A return at the end of a terminal's line belongs to its newline.
    if (text.ends_with('\r')) text.back() = 'x';
    return text;
  }

  const log_framing framing_;
  std::array<std::optional<open_line>, 2> open_;
  timestamp at_{std::chrono::seconds{1'776'420'872}};
  written_log log_;
};

}  // namespace

written_log write_docker_log(log_framing framing, std::string_view choices) {
  log_writer writer(framing);
  auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(choices[i]); };
  for (; choices.size() >= 3 && writer.size() < most_bytes; choices.remove_prefix(3)) {
    const bool error = framing == log_framing::multiplexed && (byte(0) & 1) != 0;
    const auto stream = error ? output_stream::standard_error : output_stream::standard_output;
    if (framing == log_framing::raw) writer.end(stream);
    if ((byte(0) & 2) == 0) writer.begin(stream, lengths[byte(1) % std::size(lengths)], byte(2));
    writer.send_entry(stream, (byte(0) & 4) != 0);
  }
  return writer.result();
}

}  // namespace spillway::fuzz
