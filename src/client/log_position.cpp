#include "client/log_position.hpp"

#include <algorithm>
#include <functional>

namespace spillway::client {
namespace {

std::uint64_t mixed(std::uint64_t hash, std::uint64_t value) {
  return (hash ^ value) * 0x9e3779b97f4a7c15u + (hash >> 29);
}

std::uint64_t hash_of_line(protocol::timestamp at, std::string_view stream, std::string_view text) {
  const std::hash<std::string_view> hash;
  return mixed(mixed(hash(text), hash(stream)),
               static_cast<std::uint64_t>(at.time_since_epoch().count()));
}

}  // namespace

std::optional<protocol::timestamp> log_position::since() const {
  if (!newest_) return std::nullopt;
  return floor_ ? std::max(*floor_, *newest_ - disorder) : *newest_;
}

void log_position::begin() {
  expected_.clear();
  const auto from = since();
  joined_ = !from;
  if (!from) return;
  // As the server does: from the first line on that is not older, in the order of the log. Some of
  // those after it may be.
  const auto first =
      std::ranges::find_if(recent_, [&](const auto& line) { return line.at >= *from; });
  for (auto line = first; line != recent_.end(); ++line) ++expected_[line->hash];
}

bool log_position::take(protocol::timestamp at, std::string_view stream, std::string_view text) {
  const auto hash = hash_of_line(at, stream, text);
  const auto known = expected_.find(hash);
  if (known != expected_.end()) {
    if (--known->second == 0) expected_.erase(known);
    joined_ = true;
    return false;
  }
  // Stamped alike with the first line that was wanted, and stored before it.
  if (!joined_ && at == floor_) return false;
  joined_ = true;
  remember(at, hash);
  return true;
}

void log_position::remember(protocol::timestamp at, std::uint64_t hash) {
  if (!floor_) floor_ = at;
  if (!newest_ || *newest_ < at) newest_ = at;
  recent_.push_back({at, hash});
  while (recent_.front().at < *newest_ - disorder) recent_.pop_front();
  while (recent_.size() > most_) {
    floor_ = std::max(*floor_, recent_.front().at + std::chrono::nanoseconds(1));
    recent_.pop_front();
  }
}

}  // namespace spillway::client
