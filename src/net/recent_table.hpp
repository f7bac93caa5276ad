// What is known of those seen last.
#pragma once

#include <list>
#include <string>
#include <unordered_map>
#include <utility>

namespace spillway::net {

/// Values by name. Bounded: where there are `most` of them, a new one takes the place of the one
/// that was asked for longest ago. Context: one thread at a time.
template <class Value>
class recent_table {
 public:
  explicit recent_table(std::size_t most) : most_(most) {}

  /// Made where there is none. It is the newest from now on, and stays valid until the next call.
  Value& at(const std::string& key) {
    auto found = places_.find(key);
    if (found != places_.end()) {
      entries_.splice(entries_.begin(), entries_, found->second);
      return found->second->second;
    }
    if (entries_.size() >= most_) drop_oldest();
    entries_.emplace_front(key, Value{});
    places_.emplace(key, entries_.begin());
    return entries_.front().second;
  }

  /// Null where there is none. Does not make it newer.
  Value* find(const std::string& key) {
    auto found = places_.find(key);
    return found == places_.end() ? nullptr : &found->second->second;
  }

  /// Drops old ones as long as they are of no more use.
  template <class Predicate>
  void drop_oldest_while(Predicate useless) {
    while (!entries_.empty() && useless(entries_.back().second)) drop_oldest();
  }

  std::size_t size() const { return entries_.size(); }

 private:
  void drop_oldest() {
    places_.erase(entries_.back().first);
    entries_.pop_back();
  }

  const std::size_t most_;
  /// Newest first.
  std::list<std::pair<std::string, Value>> entries_;
  std::unordered_map<std::string, typename std::list<std::pair<std::string, Value>>::iterator>
      places_;
};

}  // namespace spillway::net
