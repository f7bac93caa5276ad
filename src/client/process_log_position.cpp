#include "client/process_log_position.hpp"

#include <algorithm>
#include <functional>
#include <utility>

namespace spillway::client {

namespace {

/// In place of the hash of a line that was skipped.
constexpr std::uint64_t unknown = 0;

std::uint64_t hash_of(const std::string& line) {
  return std::max<std::uint64_t>(std::hash<std::string>{}(line), unknown + 1);
}

}  // namespace

void process_log_position::begin() {
  kept_back_.clear();
  places_.clear();
  // Where nothing is known from a place on, any ring would fit it.
  std::size_t end = had_.size();
  while (end > 0 && had_[end - 1] == unknown) --end;
  for (std::size_t i = 0; i < end; ++i) places_.push_back(i);
  comparing_ = !places_.empty();
}

std::vector<std::string> process_log_position::take(std::string line) {
  if (!comparing_) {
    remember(hash_of(line));
    std::vector<std::string> shown;
    shown.push_back(std::move(line));
    return shown;
  }
  const auto hash = hash_of(line);
  const auto offset = kept_back_.size();
  kept_back_.push_back(std::move(line));
  // A place whose lines are all there already fits, whatever comes after them.
  std::erase_if(places_, [&](std::size_t at) {
    return at + offset < had_.size() && !fits(at + offset, hash);
  });
  if (places_.empty()) return settle(0);
  const auto overlap = had_.size() - places_.front();
  if (overlap <= kept_back_.size()) return settle(overlap);
  return {};
}

std::vector<std::string> process_log_position::give_up() {
  if (kept_back_.empty()) return {};
  for (const auto at : places_) {
    if (had_.size() - at <= kept_back_.size()) return settle(had_.size() - at);
  }
  return settle(0);
}

void process_log_position::note_gap(std::uint64_t lines) {
  places_.clear();
  comparing_ = false;
  for (auto left = std::min<std::uint64_t>(lines, most_); left > 0; --left) remember(unknown);
}

bool process_log_position::fits(std::size_t place, std::uint64_t hash) const {
  return had_[place] == hash || had_[place] == unknown;
}

std::vector<std::string> process_log_position::settle(std::size_t overlap) {
  comparing_ = false;
  places_.clear();
  std::vector<std::string> fresh;
  for (auto& line : std::exchange(kept_back_, {})) {
    if (overlap > 0) {
      --overlap;
      continue;
    }
    remember(hash_of(line));
    fresh.push_back(std::move(line));
  }
  return fresh;
}

void process_log_position::remember(std::uint64_t hash) {
  had_.push_back(hash);
  if (had_.size() > most_) had_.pop_front();
}

}  // namespace spillway::client
