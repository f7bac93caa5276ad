// A fan-out whose subscribers are sessions.
#pragma once

#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

#include "actors/fanout.hpp"
#include "actors/handover.hpp"
#include "actors/messages.hpp"
#include "actors/streams_report.hpp"

namespace spillway::actors {

/// A viewer as its publisher sees it.
viewer_report report_of(subscriber_id id, const recipient& to, std::string_view state);

/// Sends a viewer frames that are not its audience's; `next_batch` will follow.
void deliver_and_ask(const recipient& to, batch_ptr frames);

/// The viewers of one stream: hands each its batches, and the ending after the last one. Whoever
/// has handed out `turn_bytes` lets others have their turn (other streams, sockets, requests)
/// before it goes on, so that a stream that floods delays the others by one such portion at a time.
/// Context: the publisher that owns it.
class audience {
 public:
  /// Called for a viewer that fell behind the ring (lag_policy::reread), with the frame it needs.
  using behind_handler = std::function<void(subscriber_id, sequence)>;
  /// The owner, which is sent `go_on` when others have had their turn, and then calls take_turn().
  /// No handle, since the owner holds the audience.
  using owner_handle = std::function<publisher_actor()>;

  static constexpr std::size_t turn_bytes = 256 << 10;

  audience(fanout::options opts, owner_handle owner, behind_handler on_behind = nullptr)
      : fan_(std::move(opts)), owner_(std::move(owner)), on_behind_(std::move(on_behind)) {}

  struct own_end {
    sequence stop;
    end_cause cause;
  };
  /// A viewer that can take a batch now gets the frames from `start` on, up to its own end if it
  /// has one.
  void join(subscriber_id id, recipient to, sequence start, std::optional<own_end> end = {});
  /// The viewer has gone, or is served otherwise from here on.
  void leave(subscriber_id id);
  bool has(subscriber_id id) const { return viewers_.contains(id); }
  const recipient& recipient_of(subscriber_id id) const { return viewers_.at(id).to; }
  bool empty() const { return viewers_.empty(); }
  std::size_t size() const { return viewers_.size(); }
  const frame_ring& ring() const { return fan_.ring(); }

  /// Adds a frame; nobody gets it before pump().
  sequence append(std::string_view payload) { return fan_.append(payload); }
  /// Hands those who wait what there is, as far as this turn reaches.
  void pump();
  /// What was asked for has come.
  void take_turn();
  /// Viewers who keep up will soon miss lines unless fewer come. A turn is due then.
  bool overloaded() const { return turn_asked_ && fan_.line_lags(); }
  /// The viewer's socket took its last batch.
  void next(subscriber_id id);
  /// The viewer's stream ends before frame `stop`, with `cause`.
  void limit(subscriber_id id, sequence stop, end_cause cause);
  /// No frame follows: everyone gets what is left, then this ending.
  void seal(end_cause cause, std::string detail = {});
  bool sealed() const { return sealed_; }

  /// Adds the ring and everyone here.
  void describe(publisher_report& to) const;

 private:
  struct viewer {
    recipient to;
    std::optional<end_cause> own_end;
  };
  void act_on(subscriber_id id, fanout::answer what);
  void spend(const fanout::answer& what);
  void hand_over();

  fanout fan_;
  owner_handle owner_;
  behind_handler on_behind_;
  /// Handed out in this turn.
  std::size_t spent_ = 0;
  bool turn_over_ = false;
  bool turn_asked_ = false;
  std::unordered_map<subscriber_id, viewer> viewers_;
  /// Kept for its memory.
  std::vector<fanout::delivery> deliveries_;
  handover out_;
  bool sealed_ = false;
  finish end_{end_cause::publisher_failed, {}};
};

}  // namespace spillway::actors
