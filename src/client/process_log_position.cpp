#include "client/process_log_position.hpp"

#include <functional>
#include <utility>

namespace spillway::client {

void process_log_position::begin() {
  kept_back_.clear();
  places_.clear();
  for (std::size_t i = 0; i < had_.size(); ++i) places_.push_back(i);
  comparing_ = !places_.empty();
}

std::vector<std::string> process_log_position::take(std::string line) {
  if (!comparing_) {
    remember(std::hash<std::string>{}(line));
    std::vector<std::string> shown;
    shown.push_back(std::move(line));
    return shown;
  }
  const auto hash = std::hash<std::string>{}(line);
  const auto offset = kept_back_.size();
  kept_back_.push_back(std::move(line));
  // A place whose lines are all there already fits, whatever comes after them.
  std::erase_if(places_, [&](std::size_t at) {
    return at + offset < had_.size() && had_[at + offset] != hash;
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

void process_log_position::note_gap() {
  had_.clear();
  places_.clear();
  comparing_ = false;
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
    remember(std::hash<std::string>{}(line));
    fresh.push_back(std::move(line));
  }
  return fresh;
}

void process_log_position::remember(std::uint64_t hash) {
  had_.push_back(hash);
  if (had_.size() > most_) had_.pop_front();
}

}  // namespace spillway::client
