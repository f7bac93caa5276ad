#include "actors/last_lines.hpp"

#include <utility>

namespace spillway::actors {

last_lines::last_lines(const log_index& seen, std::size_t max_bytes, std::optional<ended_run> run,
                       sink unseen)
    : seen_(seen),
      run_(run),
      max_bytes_(max_bytes),
      unseen_(std::move(unseen)),
      newest_(std::make_unique<backfill>(nullptr, max_bytes)) {
  if (!seen.empty()) seen_last_ = seen.identity(seen.end() - 1);
}

void last_lines::add(const std::shared_ptr<const log_chunk>& chunk) {
  if (chunk->lines.size() != 0) empty_ = false;
  if (newest_) return newest_->add(chunk);
  for (std::size_t i = 0; i < chunk->lines.size(); ++i) look_at(chunk->lines[i]);
}

std::optional<log_query> last_lines::after_read(std::optional<protocol::timestamp> next_run) {
  if (!newest_) return after_held(next_run);
  const auto stretch = std::exchange(newest_, nullptr);
  const auto read = stretch->splice();
  complete_ = !seen_last_ && read.complete;
  for (const auto& line : read.lines) look_at(line);
  if (!seen_last_ || read.complete) return after_held(next_run);
  return from_line_seen_last();
}

std::optional<log_query> last_lines::after_held(std::optional<protocol::timestamp> next_run) {
  const bool all = pass_on_held(goes_on_ ? std::nullopt : next_run);
  const bool more = std::exchange(cut_off_, false) && all && !seen_.empty();
  goes_on_ = false;
  if (!more) return std::nullopt;
  seen_last_ = seen_.identity(seen_.end() - 1);
  return from_line_seen_last();
}

log_query last_lines::from_line_seen_last() const {
  return {.since = seen_.earliest_after(seen_.at(seen_.end() - 1)), .about = run_};
}

void last_lines::look_at(const protocol::log_line& line) {
  if (!seen_last_) return pass_on(line);
  if (line.identity == *seen_last_) seen_last_.reset();
}

void last_lines::pass_on(const protocol::log_line& line) {
  const bool late = run_ && line.at > run_->exited_at;
  if (cut_off_) {
    goes_on_ = goes_on_ || !late;
    return;
  }
  if (!late) {
    pass_on_held({});
    return unseen_(line);
  }
  held_.append(line);
  // Lines without a text take room, too.
  cut_off_ = held_.bytes() + held_.size() * sizeof line > max_bytes_;
}

bool last_lines::pass_on_held(std::optional<protocol::timestamp> next_run) {
  std::size_t count = held_.size();
  while (next_run && count > 0 && held_[count - 1].at > *next_run) --count;
  for (std::size_t i = 0; i < count; ++i) unseen_(held_[i]);
  const bool all = count == held_.size();
  held_.clear();
  return all;
}

}  // namespace spillway::actors
