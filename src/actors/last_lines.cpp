#include "actors/last_lines.hpp"

#include <utility>

namespace spillway::actors {

last_lines::last_lines(const log_index& seen, std::size_t max_bytes, sink unseen)
    : seen_(seen),
      unseen_(std::move(unseen)),
      newest_(std::make_unique<backfill>(nullptr, max_bytes)) {
  if (!seen.empty()) seen_last_ = seen.identity(seen.end() - 1);
}

void last_lines::add(const std::shared_ptr<const log_chunk>& chunk) {
  if (chunk->lines.size() != 0) empty_ = false;
  if (newest_) return newest_->add(chunk);
  for (std::size_t i = 0; i < chunk->lines.size(); ++i) pass_on(chunk->lines[i]);
}

std::optional<log_query> last_lines::after_read() {
  if (!newest_) return std::nullopt;
  const auto stretch = std::exchange(newest_, nullptr);
  const auto read = stretch->splice();
  complete_ = !seen_last_ && read.complete;
  for (const auto& line : read.lines) pass_on(line);
  if (!seen_last_ || read.complete) return std::nullopt;
  return log_query{.since = seen_.earliest_after(seen_.at(seen_.end() - 1))};
}

void last_lines::pass_on(const protocol::log_line& line) {
  if (!seen_last_) return unseen_(line);
  if (line.identity == *seen_last_) seen_last_.reset();
}

}  // namespace spillway::actors
