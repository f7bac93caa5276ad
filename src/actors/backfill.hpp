// The history with which a container log's ring begins.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "actors/history_buffer.hpp"

namespace spillway::actors {

/// Splices a bounded read of the history to the stream that is followed. The followed stream is
/// opened with `tail=1`, so its first line, the anchor, is one that a history read after it holds
/// too: the history up to the anchor, then the stream after it, are the log without a gap or a
/// double, at any rate of new lines, because the stream is not read on in the meantime. Context:
/// the container log that owns it.
class backfill {
 public:
  /// How many entries to ask for; an answer of that many may begin in the middle of a line.
  static constexpr std::uint64_t entries = 1'001;

  /// `held` is the first chunk of the followed stream and has a line. Null where the stream ended
  /// without one: then all that the history has counts.
  backfill(std::shared_ptr<const log_chunk> held, std::size_t max_bytes)
      : held_(std::move(held)), max_bytes_(max_bytes) {}

  void add(const std::shared_ptr<const log_chunk>& chunk);

  struct result {
    /// The log's newest lines, in order; valid as long as the backfill is.
    std::vector<protocol::log_line> lines;
    /// The log has nothing before the first of them.
    bool complete = false;
  };
  /// After the last chunk of the history.
  result splice();

  const std::shared_ptr<const log_chunk>& held() const { return held_; }

 private:
  bool is_anchor(const protocol::log_line& line) const {
    return held_ && line.identity == held_->lines[0].identity;
  }

  std::shared_ptr<const log_chunk> held_;
  std::size_t max_bytes_;
  history_buffer history_;
  std::uint64_t read_entries_ = 0;
  bool cut_ = false;
  /// The history has reached the anchor.
  bool anchored_ = false;
};

}  // namespace spillway::actors
