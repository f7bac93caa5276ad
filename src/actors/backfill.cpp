#include "actors/backfill.hpp"

namespace spillway::actors {

void backfill::add(const std::shared_ptr<const log_chunk>& chunk) {
  history_.add(chunk);
  while (history_.bytes() > max_bytes_ && history_.size() > 1) {
    history_.pop_front();
    cut_ = true;
  }
}

backfill::result backfill::splice() {
  result out;
  const bool full = history_.entries() >= entries;
  const std::size_t begin = full && !cut_ && !history_.empty() ? 1 : 0;
  const std::uint64_t anchor = held_->lines[0].identity;
  std::size_t end = begin;
  while (end < history_.size() && history_[end].identity != anchor) ++end;

  // Without the anchor the whole answer is newer than it, and will come through the stream.
  const bool found = end < history_.size();
  if (found) {
    for (std::size_t i = begin; i <= end; ++i) out.lines.push_back(history_[i]);
  }
  // The anchor as history has it is whole; as the stream has it, it may be a line's last part.
  for (std::size_t i = found ? 1 : 0; i < held_->lines.size(); ++i) {
    out.lines.push_back(held_->lines[i]);
  }
  out.complete = found && !full && !cut_;
  return out;
}

}  // namespace spillway::actors
