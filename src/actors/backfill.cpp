#include "actors/backfill.hpp"

namespace spillway::actors {

void backfill::add(const std::shared_ptr<const log_chunk>& chunk) {
  read_entries_ = chunk->entries;
  // What follows the anchor comes through the stream.
  if (anchored_) return;
  history_.add(chunk);
  for (std::size_t i = 0; i < chunk->lines.size(); ++i) {
    if (is_anchor(chunk->lines[i])) anchored_ = true;
  }
  while (history_.bytes() > max_bytes_ && history_.size() > 1 && !is_anchor(history_.front())) {
    history_.pop_front();
    cut_ = true;
  }
}

backfill::result backfill::splice() {
  result out;
  const bool full = read_entries_ >= entries;
  std::size_t end = full && !cut_ && !history_.empty() ? 1 : 0;
  bool found = !held_;
  for (; end < history_.size() && !(held_ && found); ++end) {
    out.lines.push_back(history_[end]);
    if (is_anchor(history_[end])) found = true;
  }
  // Without the anchor the whole answer is newer than it, and will come through the stream. The
  // anchor as the stream has it may be a line's last part: better none than that.
  if (!found) out.lines.clear();
  for (std::size_t i = 1; held_ && i < held_->whole_lines(); ++i)
    out.lines.push_back(held_->lines[i]);
  out.complete = found && !full && !cut_;
  return out;
}

}  // namespace spillway::actors
