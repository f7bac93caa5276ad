// What the open streams hang on.
#pragma once

#include <memory>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "actors/gateway.hpp"

namespace spillway::actors {

/// Streams of one token or login and one app share one held_access, so a check costs one question
/// for all of them. Context: the supervisor.
class access_register {
 public:
  /// What a stream hangs on that was opened by this viewer. Its stream holds it.
  held_access_ptr hold(const protocol::principal& who, const protocol::stream_request& wanted);

  /// See gateway::access_to_check.
  std::vector<held_access_ptr> to_check(std::uint64_t version, protocol::timestamp now);

 private:
  using weak_access = std::weak_ptr<const held_access>;

  std::vector<held_access_ptr> all() const;
  void sweep();

  /// By credential, its end, and app. What nobody holds any more is swept when their number has
  /// doubled.
  std::unordered_map<std::string, weak_access> held_;
  std::size_t sweep_at_ = 64;
  /// Opened on the ground of another version than the one that was checked last: a change may have
  /// come between their credentials' check and their way here.
  std::set<weak_access, std::owner_less<weak_access>> unchecked_;
  /// No held_access ends by itself before this.
  protocol::timestamp next_end_ = protocol::timestamp::max();
  /// The version that was checked last; none is 0.
  std::uint64_t version_ = 0;
};

}  // namespace spillway::actors
