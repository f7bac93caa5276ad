#include "actors/log_index.hpp"

#include <algorithm>

namespace spillway::actors {

namespace {

/// So many lines may follow those that are sorted before all are sorted anew.
constexpr std::size_t most_unsorted = 64;

template <class Segments>
std::optional<sequence> find_in(const Segments& segments, const protocol::log_line& line,
                                sequence end) {
  for (auto s = segments.rbegin(); s != segments.rend(); ++s) {
    if (auto found = (*s)->find(line, end)) return found;
  }
  return std::nullopt;
}

}  // namespace

void log_segment::push(protocol::timestamp at, std::uint64_t identity) {
  lines_.push_back({at, identity});
  oldest_ = std::min(oldest_, at);
  newest_ = std::max(newest_, at);
}

void log_segment::sort() const {
  sorted_.clear();
  sorted_.reserve(lines_.size());
  for (std::uint32_t i = 0; i < lines_.size(); ++i) sorted_.emplace_back(lines_[i].identity, i);
  std::sort(sorted_.begin(), sorted_.end());
}

std::optional<sequence> log_segment::find(const protocol::log_line& line, sequence end) const {
  // An identity is of one time only. Mostly lines are looked for that are older than all of these.
  if (line.at < oldest_ || line.at > newest_) return std::nullopt;
  if (lines_.size() - sorted_.size() > most_unsorted || (full() && sorted_.size() != most_lines)) {
    sort();
  }
  const std::size_t before = std::min<std::size_t>(end - std::min(end, first_), lines_.size());
  for (std::size_t i = before; i > sorted_.size(); --i) {
    if (lines_[i - 1].identity == line.identity) return first_ + i - 1;
  }
  auto found = std::lower_bound(sorted_.begin(), sorted_.end(),
                                std::pair(line.identity, static_cast<std::uint32_t>(before)));
  if (found == sorted_.begin() || (--found)->first != line.identity) return std::nullopt;
  return first_ + found->second;
}

std::optional<sequence> known_lines::find(const protocol::log_line& line) const {
  return find_in(segments_, line, end_);
}

void log_index::push(protocol::timestamp at, std::uint64_t identity) {
  if (segments_.empty() || segments_.back()->full()) {
    segments_.push_back(std::make_shared<log_segment>(end()));
  }
  segments_.back()->push(at, identity);
  if (newest_ != protocol::timestamp::min() && at < newest_ - disorder) {
    set_back_to_ = std::min(set_back_to_, at);
    set_back_from_ = std::max(set_back_from_, newest_);
  }
  newest_ = std::max(newest_, at);
}

void log_index::trim(sequence first) {
  first_ = std::max(first_, std::min(first, end()));
  while (segments_.size() > 1 && segments_.front()->end() <= first_) segments_.pop_front();
}

std::optional<sequence> log_index::find(const protocol::log_line& line) const {
  const auto found = find_in(segments_, line, end());
  return found && *found >= first_ ? found : std::nullopt;
}

sequence log_index::not_before(protocol::timestamp bound) const {
  // Not a binary search: stdout and stderr are stamped apart, so neighbours can be out of order.
  for (const auto& segment : segments_) {
    if (segment->newest() < bound) continue;
    for (sequence s = std::max(first_, segment->first()); s < segment->end(); ++s) {
      if (segment->at(s) >= bound) return s;
    }
  }
  return end();
}

}  // namespace spillway::actors
