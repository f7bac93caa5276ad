// An audit in memory that holds the callers to the port's promises.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>

#include "actors/ports/stream_audit.hpp"
#include "simulation/world.hpp"

namespace spillway::simulation {

/// Context: the one thread of the run.
class simulated_audit : public actors::stream_audit {
 public:
  struct entry {
    actors::opened_stream opened;
    std::optional<actors::closed_stream> closed;
  };
  explicit simulated_audit(world& w) : world_(w) {}

  std::uint64_t opened(actors::opened_stream stream) override {
    entries_[++last_].opened = std::move(stream);
    return last_;
  }
  void closed(actors::closed_stream stream) override {
    const auto found = entries_.find(stream.id);
    if (found == entries_.end()) return world_.broken("the end of an unknown stream is audited");
    if (found->second.closed) return world_.broken("the end of a stream is audited twice");
    found->second.closed = std::move(stream);
  }
  const std::map<std::uint64_t, entry>& entries() const { return entries_; }

 private:
  world& world_;
  std::map<std::uint64_t, entry> entries_;
  std::uint64_t last_ = 0;
};

}  // namespace spillway::simulation
