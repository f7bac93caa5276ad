#include "client/terminal_text.hpp"

#include "protocol/utf8.hpp"

namespace spillway::client {
namespace {

constexpr char escape = '\x1b';
constexpr std::string_view sgr_reset = "\x1b[0m";

bool is_between(char c, unsigned char low, unsigned char high) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= low && byte <= high;
}

class line_filter {
 public:
  line_filter(std::string_view line, colours keep) : rest_(line), keep_(keep) {}

  std::string run() {
    while (!rest_.empty()) step();
    if (coloured_) out_ += sgr_reset;
    return std::move(out_);
  }

 private:
  void step() {
    const char first = rest_.front();
    if (first == escape) {
      rest_.remove_prefix(1);
      if (!rest_.empty()) sequence(rest_.front(), 1);
    } else if (rest_.size() > 1 && first == '\xc2' && is_between(rest_[1], 0x80, 0x9f)) {
      // A C1 control is the same as an escape and the character 0x40 below it.
      sequence(static_cast<char>(static_cast<unsigned char>(rest_[1]) - 0x40), 2);
    } else if (is_between(first, 0, 0x1f) || first == '\x7f') {
      control(first);
    } else {
      character();
    }
  }

  void control(char c) {
    rest_.remove_prefix(1);
    if (c == '\t') out_ += c;
    if (c == '\r' && !rest_.empty()) out_ += ' ';
  }

  void character() {
    const auto part = protocol::first_utf8_part(rest_);
    out_ += part.valid ? rest_.substr(0, part.size) : protocol::utf8_replacement;
    rest_.remove_prefix(part.size);
  }

  /// `kind` is what follows the escape; it takes `size` bytes.
  void sequence(char kind, std::size_t size) {
    if (kind == '[') {
      rest_.remove_prefix(size);
      control_sequence();
    } else if (kind == ']' || kind == 'P' || kind == 'X' || kind == '^' || kind == '_') {
      rest_.remove_prefix(size);
      control_string(kind);
    } else if (size == 2) {
      rest_.remove_prefix(size);
    } else {
      while (!rest_.empty() && is_between(rest_.front(), 0x20, 0x2f)) rest_.remove_prefix(1);
      if (!rest_.empty() && is_between(rest_.front(), 0x30, 0x7e)) rest_.remove_prefix(1);
    }
  }

  /// What follows CSI: parameters, intermediates, one final byte. One that is not whole is dropped
  /// up to where it breaks.
  void control_sequence() {
    std::size_t size = 0;
    bool plain = true;
    while (size < rest_.size() && is_between(rest_[size], 0x20, 0x3f)) {
      plain = plain && (is_between(rest_[size], '0', ';'));
      ++size;
    }
    const auto parameters = rest_.substr(0, size);
    rest_.remove_prefix(size);
    if (rest_.empty() || !is_between(rest_.front(), 0x40, 0x7e)) return;
    const bool is_colour = rest_.front() == 'm' && plain;
    rest_.remove_prefix(1);
    if (!is_colour || keep_ == colours::removed) return;
    out_.append("\x1b[").append(parameters).append("m");
    coloured_ = true;
  }

  /// Up to its terminator; without one only the introducer goes, so that no text is hidden. A
  /// search in vain is done once: many introducers in one line would make it quadratic.
  void control_string(char kind) {
    bool& never_ends = kind == ']' ? no_bell_ends_ : no_string_ends_;
    if (never_ends) return;
    for (std::size_t i = 0; i < rest_.size(); ++i) {
      const auto from_here = rest_.substr(i);
      const bool bell = kind == ']' && rest_[i] == '\a';
      if (bell || from_here.starts_with("\x1b\\") || from_here.starts_with("\xc2\x9c")) {
        rest_.remove_prefix(i + (bell ? 1 : 2));
        return;
      }
    }
    never_ends = true;
  }

  std::string_view rest_;
  const colours keep_;
  std::string out_;
  bool coloured_ = false;
  /// No terminator is left for a control string, for one that a bell ends as well.
  bool no_string_ends_ = false;
  bool no_bell_ends_ = false;
};

}  // namespace

std::string terminal_text(std::string_view line, colours keep) {
  return line_filter(line, keep).run();
}

std::string json_for_terminal(std::string_view json) {
  constexpr std::string_view digits = "0123456789abcdef";
  constexpr std::string_view blanks = "\t\n\r";
  std::string made;
  made.reserve(json.size());
  while (!json.empty()) {
    const auto part = protocol::first_utf8_part(json);
    const auto text = json.substr(0, part.size);
    const auto last = static_cast<unsigned char>(text.back());
    const bool c1 = text.size() == 2 && text.front() == '\xc2' && last < 0xa0;
    if (!part.valid) {
      made += protocol::utf8_replacement;
    } else if (blanks.find(text.front()) != std::string_view::npos) {
      made += ' ';
    } else if (last < 0x20 || last == 0x7f || c1) {
      made.append("\\u00").append(1, digits[last >> 4]).append(1, digits[last & 15]);
    } else {
      made += text;
    }
    json.remove_prefix(part.size);
  }
  return made;
}

}  // namespace spillway::client
