#include "actors/log_index.hpp"

#include <algorithm>

namespace spillway::actors {

void log_index::trim(sequence first) {
  while (first_ < first && !lines_.empty()) {
    lines_.pop_front();
    ++first_;
  }
}

sequence log_index::not_before(protocol::timestamp bound) const {
  // Not a binary search: stdout and stderr are stamped apart, so neighbours can be out of order.
  const auto found =
      std::find_if(lines_.begin(), lines_.end(), [bound](const entry& e) { return e.at >= bound; });
  return first_ + static_cast<sequence>(found - lines_.begin());
}

std::unordered_map<std::uint64_t, sequence> log_index::identities() const {
  std::unordered_map<std::uint64_t, sequence> known;
  known.reserve(lines_.size());
  for (std::size_t i = 0; i < lines_.size(); ++i) known[lines_[i].identity] = first_ + i;
  return known;
}

}  // namespace spillway::actors
