// A fan-out whose subscribers are sessions.
#pragma once

#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

#include "actors/fanout.hpp"
#include "actors/messages.hpp"

namespace spillway::actors {

/// The viewers of one stream: hands each its batches, and the ending after the last one. Context:
/// the publisher that owns it.
class audience {
 public:
  /// Called for a viewer that fell behind the ring (lag_policy::reread), with the frame it needs.
  using behind_handler = std::function<void(subscriber_id, sequence)>;

  explicit audience(fanout::options opts, behind_handler on_behind = nullptr)
      : fan_(std::move(opts)), on_behind_(std::move(on_behind)) {}

  /// A viewer that can take a batch now gets the frames from `start` on.
  void join(subscriber_id id, recipient to, sequence start);
  /// The viewer has gone, or is served otherwise from here on.
  void leave(subscriber_id id);
  bool has(subscriber_id id) const { return viewers_.contains(id); }
  const recipient& recipient_of(subscriber_id id) const { return viewers_.at(id).to; }
  bool empty() const { return viewers_.empty(); }
  std::size_t size() const { return viewers_.size(); }
  const frame_ring& ring() const { return fan_.ring(); }

  /// Adds a frame; nobody gets it before pump().
  sequence append(std::string_view payload) { return fan_.append(payload); }
  /// Hands everyone who waits what there is.
  void pump();
  /// The viewer's socket took its last batch.
  void next(subscriber_id id);
  /// The viewer's stream ends before frame `stop`, with `cause`.
  void limit(subscriber_id id, sequence stop, end_cause cause);
  /// No frame follows: everyone gets what is left, then this ending.
  void seal(end_cause cause, std::string detail = {});
  bool sealed() const { return sealed_; }

 private:
  struct viewer {
    recipient to;
    std::optional<end_cause> own_end;
  };
  void act_on(subscriber_id id, fanout::answer what);

  fanout fan_;
  behind_handler on_behind_;
  std::unordered_map<subscriber_id, viewer> viewers_;
  /// Kept for its memory.
  std::vector<fanout::delivery> deliveries_;
  bool sealed_ = false;
  finish end_{end_cause::publisher_failed, {}};
};

}  // namespace spillway::actors
