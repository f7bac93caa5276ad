#include "actors/access_register.hpp"

#include <algorithm>

namespace spillway::actors {
namespace {

std::string key_of(const protocol::principal& who, const protocol::stream_request& wanted) {
  std::string key = who.credential;
  if (who.valid_until) {
    key.append(1, ' ').append(std::to_string(who.valid_until->time_since_epoch().count()));
  }
  if (wanted.app) key.append(1, ' ').append(wanted.app->text());
  return key;
}

}  // namespace

held_access_ptr access_register::hold(const protocol::principal& who,
                                      const protocol::stream_request& wanted) {
  weak_access& known = held_[key_of(who, wanted)];
  held_access_ptr held = known.lock();
  if (!held) {
    held = std::make_shared<const held_access>(
        held_access{who.credential, who.valid_until, protocol::right_for(wanted), wanted.app});
    known = held;
  }
  if (held->valid_until) next_end_ = std::min(next_end_, *held->valid_until);
  if (who.access_version != version_) unchecked_.insert(held);
  if (held_.size() >= sweep_at_) sweep();
  return held;
}

std::vector<held_access_ptr> access_register::to_check(std::uint64_t version,
                                                       protocol::timestamp now) {
  const auto unchecked = std::exchange(unchecked_, {});
  const bool news = std::exchange(version_, version) != version;
  if (news || version == 0) return all();
  if (unchecked.empty() && now < next_end_) return {};
  next_end_ = protocol::timestamp::max();
  std::vector<held_access_ptr> due;
  for (held_access_ptr& held : all()) {
    const bool over = held->valid_until && *held->valid_until <= now;
    if (held->valid_until) next_end_ = std::min(next_end_, *held->valid_until);
    if (over || unchecked.contains(held)) due.push_back(std::move(held));
  }
  return due;
}

std::vector<held_access_ptr> access_register::all() const {
  std::vector<held_access_ptr> live;
  for (const auto& [key, weak] : held_) {
    if (auto held = weak.lock()) live.push_back(std::move(held));
  }
  return live;
}

void access_register::sweep() {
  std::erase_if(held_, [](const auto& entry) { return entry.second.expired(); });
  sweep_at_ = std::max<std::size_t>(64, held_.size() * 2);
}

}  // namespace spillway::actors
