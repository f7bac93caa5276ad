#include "host/line_splitter.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace spillway::host {

void line_splitter::feed(std::string_view bytes, std::vector<std::string>& lines) {
  const char* const stops = mode_ == carriage_return::overwrites ? "\r\n" : "\n";
  while (!bytes.empty()) {
    const std::size_t at = bytes.find_first_of(stops);
    if (at != 0) take(bytes.substr(0, at));
    if (at == std::string_view::npos) return;
    if (bytes[at] == '\n') {
      end_line(lines);
    } else {
      returned_ = true;
    }
    bytes.remove_prefix(at + 1);
  }
}

void line_splitter::finish(std::vector<std::string>& lines) {
  if (!line_.empty()) end_line(lines);
  returned_ = false;
}

void line_splitter::take(std::string_view text) {
  if (returned_) {
    line_.clear();
    dropped_ = 0;
    returned_ = false;
  }
  const std::size_t room = std::min(text.size(), max_line_ - line_.size());
  line_.append(text.substr(0, room));
  dropped_ += text.size() - room;
}

void line_splitter::end_line(std::vector<std::string>& lines) {
  if (dropped_ > 0) cut();
  lines.push_back(std::exchange(line_, {}));
  dropped_ = 0;
  returned_ = false;
}

void line_splitter::cut() {
  const auto mark = [&](std::size_t kept) {
    return fmt::format(" [spillway] line cut, {} bytes dropped", dropped_ + line_.size() - kept);
  };
  // The mark is longest where nothing is kept.
  const std::size_t mark_size = mark(0).size();
  std::size_t kept = line_.size() > mark_size ? line_.size() - mark_size : 0;
  while (kept > 0 && (static_cast<unsigned char>(line_[kept]) & 0xC0) == 0x80) --kept;
  std::string marked = line_.substr(0, kept) + mark(kept);
  line_ = std::move(marked);
}

}  // namespace spillway::host
