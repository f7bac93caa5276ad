#include "actors/history_buffer.hpp"

namespace spillway::actors {

void history_buffer::add(const chunk_ptr& chunk, unfinished_lines those) {
  const bool all = those == unfinished_lines::kept;
  const std::size_t count = all ? chunk->lines.size() : chunk->whole_lines();
  for (std::size_t i = 0; i < count; ++i) {
    lines_.push_back({chunk, i});
    bytes_ += chunk->lines[i].text.size();
  }
  entries_ = chunk->entries;
}

void history_buffer::clear() {
  *this = {};
}

void history_buffer::pop_front() {
  bytes_ -= front().text.size();
  lines_.pop_front();
}

void history_buffer::keep_newest(std::size_t lines) {
  while (lines_.size() > lines) pop_front();
}

}  // namespace spillway::actors
