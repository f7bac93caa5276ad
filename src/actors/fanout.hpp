// One publisher's lines to any number of viewers, each at its own pace.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "actors/batch.hpp"
#include "actors/frame_ring.hpp"

namespace spillway::actors {

using subscriber_id = std::uint64_t;

/// What happens to a subscriber whose next frame the ring no longer has.
enum class lag_policy : std::uint8_t {
  /// It skips ahead to the oldest frame kept, after a notice with the exact count.
  skip,
  /// It is reported as behind: its publisher reads the frames elsewhere and lets it join again.
  reread
};

/// A ring, and for each subscriber a cursor into it. Delivery is driven by demand: a subscriber has
/// at most one batch outstanding; when it asks for the next it gets everything from its cursor on
/// (up to the window), or waits and gets new frames the moment they are pumped. A slow subscriber
/// costs a cursor. For each: frames received + frames skipped = frames appended since it joined.
///
/// Context: the publisher that owns it. Knows no actors.
class fanout {
 public:
  struct options {
    frame_ring::limits ring;
    /// The most bytes in one batch, a single larger frame excepted.
    std::size_t window = 256 << 10;
    lag_policy lag = lag_policy::skip;
    /// Makes the JSON of the notice for `count` skipped frames; with lag_policy::skip.
    std::function<std::string(std::uint64_t count)> skip_notice;
  };

  enum class status : std::uint8_t {
    /// A batch is in `frames`; the subscriber is busy until it asks again.
    ready,
    /// Nothing to send now; pump() will deliver.
    waiting,
    /// The ring has moved past it (lag_policy::reread); it has left the fan-out.
    behind,
    /// It has had every frame that there will be for it; it has left the fan-out.
    finished,
    /// No such subscriber.
    unknown
  };
  struct answer {
    status what = status::unknown;
    batch_ptr frames;
    /// Where the subscriber stands: the first frame that it has not had.
    sequence at = 0;
  };
  struct delivery {
    subscriber_id to;
    answer what;
  };

  explicit fanout(options opts) : options_(std::move(opts)), ring_(options_.ring) {}

  const frame_ring& ring() const { return ring_; }

  sequence append(std::string_view payload) { return ring_.append(payload); }

  /// Adds a subscriber whose first frame is `start`, which may lie before the ring; it counts as
  /// busy until its first next().
  void join(subscriber_id id, sequence start);
  void leave(subscriber_id id);
  bool has(subscriber_id id) const { return cursors_.contains(id); }
  std::size_t subscribers() const { return cursors_.size(); }

  /// The subscriber gets no frame at or after `stop`.
  void limit(subscriber_id id, sequence stop);

  /// No frame will follow those in the ring.
  void seal() { sealed_ = true; }

  /// The subscriber can take a batch.
  answer next(subscriber_id id);

  /// Everything that waiting subscribers can have now. Each is then busy, or has left.
  std::vector<delivery> pump();

 private:
  struct cursor {
    sequence at = 0;
    std::optional<sequence> stop;
    bool waiting = false;
  };
  answer answer_for(cursor& c);
  batch_ptr make_batch(cursor& c, sequence to);

  options options_;
  frame_ring ring_;
  std::unordered_map<subscriber_id, cursor> cursors_;
  /// Those that wait; may name some that have left or wait no more.
  std::vector<subscriber_id> waiting_;
  bool sealed_ = false;
  /// The batch made last: viewers that keep up stand at the same place and share it.
  struct {
    sequence from = 0;
    sequence to = 0;
    sequence stopped = 0;
    batch_ptr frames;
  } last_;
};

}  // namespace spillway::actors
