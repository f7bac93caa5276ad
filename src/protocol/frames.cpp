#include "protocol/frames.hpp"

#include <charconv>
#include <cstring>

#include "protocol/utf8.hpp"

namespace spillway::protocol {
namespace {

constexpr bool is_plain_json(char c) {
  auto byte = static_cast<std::uint8_t>(c);
  return byte >= 0x20 && byte < 0x80 && c != '"' && c != '\\';
}

/// Whether all eight bytes are plain: no byte with the high bit, below 0x20, `"` or `\`. Each term
/// is the known trick that borrows from the high bit of a byte that is too small.
constexpr bool is_plain_json_word(std::uint64_t word) {
  constexpr std::uint64_t ones = 0x0101010101010101u;
  constexpr std::uint64_t high_bits = ones * 0x80;
  std::uint64_t quotes = word ^ (ones * '"');
  std::uint64_t backslashes = word ^ (ones * '\\');
  std::uint64_t found = word | ((word - ones * 0x20) & ~word) | ((quotes - ones) & ~quotes) |
                        ((backslashes - ones) & ~backslashes);
  return (found & high_bits) == 0;
}

/// How many bytes at the start need neither an escape nor a look at UTF-8.
std::size_t plain_json_prefix(std::string_view text) {
  std::size_t i = 0;
  for (; i + 8 <= text.size(); i += 8) {
    std::uint64_t word;
    std::memcpy(&word, text.data() + i, 8);
    if (!is_plain_json_word(word)) break;
  }
  while (i < text.size() && is_plain_json(text[i])) ++i;
  return i;
}

void append_json_escape(std::string& out, char c) {
  switch (c) {
    case '"':
      out.append("\\\"");
      return;
    case '\\':
      out.append("\\\\");
      return;
    case '\b':
      out.append("\\b");
      return;
    case '\f':
      out.append("\\f");
      return;
    case '\n':
      out.append("\\n");
      return;
    case '\r':
      out.append("\\r");
      return;
    case '\t':
      out.append("\\t");
      return;
    default:
      break;
  }
  constexpr char hex[] = "0123456789abcdef";
  auto byte = static_cast<std::uint8_t>(c);
  char escape[] = {'\\', 'u', '0', '0', hex[byte >> 4], hex[byte & 0xf]};
  out.append(escape, sizeof escape);
}

/// What stands between the quotes.
void append_json_characters(std::string& out, std::string_view text) {
  for (;;) {
    std::size_t plain = plain_json_prefix(text);
    out.append(text.data(), plain);
    text.remove_prefix(plain);
    if (text.empty()) return;
    if (static_cast<std::uint8_t>(text.front()) < 0x80) {
      append_json_escape(out, text.front());
      text.remove_prefix(1);
      continue;
    }
    utf8_part part = first_utf8_part(text);
    out.append(part.valid ? text.substr(0, part.size) : utf8_replacement);
    text.remove_prefix(part.size);
  }
}

template <class Integer>
void append_json_number(std::string& out, Integer value) {
  char digits[24];
  auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
  out.append(digits, static_cast<std::size_t>(end - digits));
}

/// `[spillway] 1532 lines skipped, this viewer is too slow`
void append_skip_notice(std::string& out, std::uint64_t count) {
  out.append("[spillway] ");
  append_json_number(out, count);
  out.append(count == 1 ? " line" : " lines").append(" skipped, this viewer is too slow");
}

/// `{"timestamp": …, "action": …, "output": …, "done": `
void append_deploy_head(std::string& out, timestamp at, std::string_view action,
                        std::string_view output) {
  out.append(R"({"timestamp": ")").append(format_rfc3339_milli(at)).append(R"(", "action": )");
  append_json_string(out, action);
  out.append(R"(, "output": )");
  append_json_string(out, output);
  out.append(R"(, "done": )");
}

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
  out.push_back('"');
  append_json_characters(out, text);
  out.push_back('"');
}

void append_deploy_frame(std::string& out, timestamp at, std::string_view action,
                         std::string_view output) {
  append_deploy_head(out, at, action, output);
  out.append("false}");
}

void append_deploy_final_frame(std::string& out, timestamp at, std::string_view action,
                               std::string_view status, int exit_code) {
  append_deploy_head(out, at, action, {});
  out.append(R"(true, "status": )");
  append_json_string(out, status);
  out.append(R"(, "exit_code": )");
  append_json_number(out, exit_code);
  out.push_back('}');
}

void append_no_deploy_frame(std::string& out) {
  out.append(R"({"done": true, "action": "none"})");
}

void append_log_frame(std::string& out, const log_line& line) {
  out.append(R"({"ts": ")");
  append_rfc3339_nano(out, line.at);
  out.append(line.stream == output_stream::standard_output ? R"(", "stream": "stdout", "line": )"
                                                           : R"(", "stream": "stderr", "line": )");
  append_json_string(out, line.text);
  out.push_back('}');
}

void append_log_skip_frame(std::string& out, timestamp at, std::uint64_t count) {
  out.append(R"({"ts": ")");
  append_rfc3339_nano(out, at);
  out.append(R"(", "stream": "stderr", "line": ")");
  append_skip_notice(out, count);
  out.append(R"(", "skipped": )");
  append_json_number(out, count);
  out.push_back('}');
}

void append_process_log_frame(std::string& out, std::string_view line) {
  append_json_string(out, line);
}

void append_process_log_skip_frame(std::string& out, timestamp at, std::uint64_t count) {
  out.push_back('"');
  out.append(format_rfc3339_milli(at)).push_back(' ');
  append_skip_notice(out, count);
  out.push_back('"');
}

void append_error_frame(std::string& out, std::string_view message) {
  out.append(R"({"error": )");
  append_json_string(out, message);
  out.push_back('}');
}

}  // namespace spillway::protocol
