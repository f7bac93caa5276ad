// One publisher's lines to any number of viewers, each at its own pace.
#pragma once

#include <boost/intrusive/list.hpp>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "actors/batch.hpp"
#include "actors/deflated_ring.hpp"
#include "actors/demand.hpp"
#include "actors/frame_ring.hpp"
#include "protocol/ws_frame.hpp"

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
/// at most one batch outstanding; when it can take the next it gets everything from its cursor on
/// (up to the window), or waits and gets new frames the moment they are pumped. A slow subscriber
/// costs a cursor. For each: frames received + frames skipped = frames appended since it joined.
///
/// Those who wait for something stand in line, and pump() serves them in turn.
///
/// Subscribers that take deflated frames share those too. One that joins or skips within a segment
/// of the compressed frames gets plain ones up to the next (see deflated_ring), which its client's
/// inflate context does not see. The compressed frames and their context exist as long as such a
/// subscriber is there, and come on top of the ring's bound: as much again at most. Without memory
/// for the context everyone gets plain frames.
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
    int deflate_level = deflater::default_level;
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
  /// What a delivery counts beside its bytes, since to write to a socket at all has its price. Four
  /// times as much was measured to cost a tenth more CPU with 1,000 viewers of a quiet stream.
  static constexpr std::size_t delivery_cost = 1 << 10;

  explicit fanout(options opts) : options_(std::move(opts)), ring_(options_.ring) {}
  // The compressed frames refer to the ring.
  fanout(const fanout&) = delete;
  fanout& operator=(const fanout&) = delete;

  const frame_ring& ring() const { return ring_; }
  /// The most bytes that the ring keeps.
  std::size_t capacity() const { return options_.ring.bytes; }

  /// Bytes of compressed frames, now.
  std::size_t deflated_bytes() const { return twin_ ? twin_->bytes() : 0; }

  sequence append(std::string_view payload);

  struct standing {
    subscriber_id id = 0;
    /// Frames that there are for it and that it has not been handed yet.
    std::uint64_t lag = 0;
    std::uint64_t skipped = 0;
  };
  /// Where everyone stands, in no order.
  std::vector<standing> standings() const;

  /// Adds a subscriber whose first frame is `start`, which may lie before the ring; it counts as
  /// busy until its first next() or want(). With `readiness` pump() looks there whether it can take
  /// a batch; without, only next() and want() tell.
  void join(subscriber_id id, sequence start, protocol::payload_form form,
            std::shared_ptr<demand> readiness = nullptr);
  void leave(subscriber_id id);
  bool has(subscriber_id id) const { return cursors_.contains(id); }
  std::size_t subscribers() const { return cursors_.size(); }

  /// The subscriber gets no frame at or after `stop`; the first of several limits holds.
  void limit(subscriber_id id, sequence stop);

  /// No frame will follow those in the ring.
  void seal();

  /// The subscriber can take a batch, and gets it at once if there is one.
  answer next(subscriber_id id);
  /// The subscriber can take a batch and goes to the end of the line.
  void want(subscriber_id id);

  /// What those in line can have now, in turn, until it amounts to `budget` bytes; with
  /// `delivery_cost` for each. Each is then busy, or has left. The memory of `recycled` is used
  /// again.
  std::vector<delivery> pump(std::vector<delivery> recycled = {},
                             std::size_t budget = std::numeric_limits<std::size_t>::max());
  /// Whether pump() left somebody in line.
  bool has_line() const { return !line_.empty(); }
  /// Whether who is first in line lags behind by half of the ring's bytes: it can take frames, and
  /// will soon have missed some, not because it is slow but because pump() does not come to it.
  bool line_lags() const;

 private:
  /// Which frames a subscriber can read where it stands.
  enum class lane : std::uint8_t {
    plain,
    /// Takes compressed frames, but misses some that they refer to: plain ones up to a new segment.
    out_of_step,
    /// Has had every compressed frame since the start of the segment.
    in_step
  };
  /// Its hook is in `line_`, in `served_`, or (busy, and will ask) in neither.
  using hook =
      boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>>;
  struct cursor : hook {
    subscriber_id id = 0;
    sequence at = 0;
    std::uint64_t skipped = 0;
    std::optional<sequence> stop;
    lane on = lane::plain;
    std::shared_ptr<demand> readiness;
  };
  using cursor_list = boost::intrusive::list<cursor, boost::intrusive::constant_time_size<false>>;
  using cursor_map = std::unordered_map<subscriber_id, cursor>;
  /// A batch made for one subscriber, for all who stand at the same place.
  struct shared_batch {
    sequence from;
    sequence to;
    lane on;
    sequence stopped;
    lane then_on;
    batch_ptr frames;
  };
  static constexpr std::size_t most_shared = 16;

  void remove(cursor_map::iterator gone);
  static void move_to(cursor_list& where, cursor& c);
  void line_up_served();
  answer serve(cursor& c);
  answer answer_for(cursor& c);
  batch_ptr make_batch(cursor& c, sequence to);
  batch_ptr make_skip_batch(cursor& c, sequence to);
  void fill(cursor& c, sequence to, batch& out);
  void fill_plain(cursor& c, sequence to, batch& out);
  static void move_past_plain(cursor& c, sequence at);
  deflated_ring* twin_for(const cursor& c);

  options options_;
  frame_ring ring_;
  std::optional<deflated_ring> twin_;
  cursor_map cursors_;
  std::size_t deflated_cursors_ = 0;
  /// Those for whom there may be something.
  cursor_list line_;
  /// Those who can take a batch (or soon can) and have had everything.
  cursor_list served_;
  bool sealed_ = false;
  /// The batches that end at the ring's present end (or a limit), the newest of them. Viewers that
  /// keep up stand at few places: there is one for each place and lane, whoever asks first.
  std::vector<shared_batch> shared_;
};

}  // namespace spillway::actors
