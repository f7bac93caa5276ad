// What the ring of a container log knows of its lines beside their frames.
#pragma once

#include <cstdint>
#include <deque>
#include <unordered_map>

#include "actors/frame_ring.hpp"
#include "protocol/timestamp.hpp"

namespace spillway::actors {

/// Timestamp and identity of every line in a ring, by sequence. Context: the publisher that owns
/// it.
class log_index {
 public:
  void push(protocol::timestamp at, std::uint64_t identity) { lines_.push_back({at, identity}); }
  /// Forgets what the ring has let go of.
  void trim(sequence first);

  sequence first() const { return first_; }
  sequence end() const { return first_ + lines_.size(); }
  bool empty() const { return lines_.empty(); }
  protocol::timestamp at(sequence s) const { return lines_[s - first_].at; }
  std::uint64_t identity(sequence s) const { return lines_[s - first_].identity; }

  /// The first line that is not older than `bound`; end() where all are.
  sequence not_before(protocol::timestamp bound) const;
  /// Which line has which identity, now. Of two equal ones the later.
  std::unordered_map<std::uint64_t, sequence> identities() const;

 private:
  struct entry {
    protocol::timestamp at;
    std::uint64_t identity;
  };
  std::deque<entry> lines_;
  sequence first_ = 0;
};

}  // namespace spillway::actors
