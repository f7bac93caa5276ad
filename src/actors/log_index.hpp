// What the ring of a container log knows of its lines beside their frames.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "actors/frame_ring.hpp"
#include "protocol/log_line.hpp"
#include "protocol/timestamp.hpp"

namespace spillway::actors {

/// Neighbouring lines; shared by the index and those who remember what it once held. Lines are only
/// added. Context: the publisher that owns the index.
class log_segment {
 public:
  static constexpr std::size_t most_lines = 1024;

  explicit log_segment(sequence first) : first_(first) {}

  void push(protocol::timestamp at, std::uint64_t identity);
  bool full() const { return lines_.size() == most_lines; }
  sequence first() const { return first_; }
  sequence end() const { return first_ + lines_.size(); }
  protocol::timestamp at(sequence s) const { return lines_[s - first_].at; }
  std::uint64_t identity(sequence s) const { return lines_[s - first_].identity; }
  protocol::timestamp newest() const { return newest_; }

  /// The last line before `end` that is this one.
  std::optional<sequence> find(const protocol::log_line& line, sequence end) const;

 private:
  struct entry {
    protocol::timestamp at;
    std::uint64_t identity;
  };
  void sort() const;

  sequence first_;
  std::vector<entry> lines_;
  protocol::timestamp oldest_ = protocol::timestamp::max();
  protocol::timestamp newest_ = protocol::timestamp::min();
  /// Identity and place of the first so many lines, in order; made when they are looked for.
  mutable std::vector<std::pair<std::uint64_t, std::uint32_t>> sorted_;
};

/// What an index held at some time. Costs a pointer for a thousand lines. Context: as log_segment.
class known_lines {
 public:
  known_lines() = default;
  known_lines(std::vector<std::shared_ptr<const log_segment>> segments, sequence first,
              sequence end)
      : segments_(std::move(segments)), first_(first), end_(end) {}

  sequence first() const { return first_; }
  sequence end() const { return end_; }
  bool empty() const { return first_ == end_; }
  /// Where a line is; of two equal ones the later.
  std::optional<sequence> find(const protocol::log_line& line) const;
  /// The time of the first one; there must be one.
  protocol::timestamp first_at() const { return segments_.front()->at(first_); }
  /// And of the last.
  protocol::timestamp last_at() const { return segments_.back()->at(end_ - 1); }

 private:
  std::vector<std::shared_ptr<const log_segment>> segments_;
  sequence first_ = 0;
  sequence end_ = 0;
};

/// Timestamp and identity of every line in a ring, by sequence. Context: the publisher that owns
/// it.
class log_index {
 public:
  void push(protocol::timestamp at, std::uint64_t identity);
  /// Forgets what the ring has let go of.
  void trim(sequence first);

  sequence first() const { return first_; }
  sequence end() const { return segments_.empty() ? first_ : segments_.back()->end(); }
  bool empty() const { return first_ == end(); }
  protocol::timestamp at(sequence s) const { return segment_of(s).at(s); }
  std::uint64_t identity(sequence s) const { return segment_of(s).identity(s); }

  /// The first line that is not older than `bound`; end() where all are.
  sequence not_before(protocol::timestamp bound) const;
  /// Where a line is; of two equal ones the later.
  std::optional<sequence> find(const protocol::log_line& line) const;
  /// The latest stamp of all lines that it ever had.
  protocol::timestamp newest() const { return newest_; }
  /// No line that came after one stamped `at` is stamped earlier than this: that is about `at`
  /// itself, unless the container's clock was set back.
  protocol::timestamp earliest_after(protocol::timestamp at) const {
    // Stamped later than any that the clock was set back from: it has not been set back since.
    return (at > set_back_from_ ? at : std::min(at, set_back_to_)) - disorder;
  }
  /// What it holds now.
  known_lines known() const { return {{segments_.begin(), segments_.end()}, first_, end()}; }

  /// A line that follows another may be stamped so much earlier: stdout and stderr are stamped
  /// apart.
  static constexpr std::chrono::seconds disorder{1};

 private:
  const log_segment& segment_of(sequence s) const {
    return *segments_[(s - segments_.front()->first()) / log_segment::most_lines];
  }

  std::deque<std::shared_ptr<log_segment>> segments_;
  sequence first_ = 0;
  protocol::timestamp newest_ = protocol::timestamp::min();
  /// The earliest line that disorder does not account for, and the latest before such a line.
  protocol::timestamp set_back_to_ = protocol::timestamp::max();
  protocol::timestamp set_back_from_ = protocol::timestamp::min();
};

}  // namespace spillway::actors
