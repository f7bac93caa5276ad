#include "protocol/log_line.hpp"

namespace spillway::protocol {

void log_lines::append(const log_line& line) {
  entries_.push_back({line.at, line.identity, text_.size(), line.text.size(), line.stream});
  text_.append(line.text);
}

void log_lines::clear() {
  text_.clear();
  entries_.clear();
}

log_line log_lines::operator[](std::size_t i) const {
  const entry& e = entries_[i];
  return {e.at, e.stream, std::string_view{text_}.substr(e.offset, e.length), e.identity};
}

}  // namespace spillway::protocol
