#include "actors/history_buffer.hpp"

namespace spillway::actors {

void history_buffer::add(const chunk_ptr& chunk) {
  for (std::size_t i = 0; i < chunk->lines.size(); ++i) lines_.push_back({chunk, i});
  bytes_ += chunk->lines.bytes();
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
