// The lines of a container that exited which its stream did not bring.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "actors/backfill.hpp"
#include "actors/log_index.hpp"
#include "actors/messages.hpp"

namespace spillway::actors {

/// When a container exits, the engine may end a stream that was read slowly before its last lines:
/// they are in the history alone. Its newest stretch is read first, where mostly the line is that
/// was seen last; else a longer one. Context: the container log that owns it.
class last_lines {
 public:
  using sink = std::function<void(const protocol::log_line&)>;

  /// `seen` is what the stream has brought and outlives this; `max_bytes` are held at most. Lines
  /// that it did not bring go to `unseen`, in order, but for those of the container's next run.
  last_lines(const log_index& seen, std::size_t max_bytes, std::optional<ended_run> run,
             sink unseen);

  /// What is to be read first.
  log_query newest() const { return {.tail = backfill::entries, .about = run_}; }
  void add(const std::shared_ptr<const log_chunk>& chunk);
  /// After the last chunk of a read, and what that says of the next run: what is to be read next;
  /// nothing where all is read.
  std::optional<log_query> after_read(std::optional<protocol::timestamp> next_run);
  /// The line seen last is there, so that what came after it is all that was missing; or the log is
  /// empty, so that there is nothing to be had.
  bool reached() const { return !seen_last_ || empty_; }
  /// The stream brought no line, and what has been read is all of the log.
  bool complete() const { return complete_; }

 private:
  void look_at(const protocol::log_line& line);
  void pass_on(const protocol::log_line& line);
  /// Whether all of them were of this run.
  bool pass_on_held(std::optional<protocol::timestamp> next_run);
  /// After a read that reached the line seen last: another one, where it had to be cut off.
  std::optional<log_query> after_held(std::optional<protocol::timestamp> next_run);
  log_query from_line_seen_last() const;

  const log_index& seen_;
  std::optional<ended_run> run_;
  std::size_t max_bytes_;
  sink unseen_;
  /// Unseen, stamped later than the exit, and nothing that is not came after them: whose they are
  /// is known at the end of the read.
  protocol::log_lines held_;
  /// As many as may be are held: what comes after them is left for another read.
  bool cut_off_ = false;
  /// And among that is a line that is not stamped later, so that those held are of this run.
  bool goes_on_ = false;
  /// Null once the newest stretch has been read.
  std::unique_ptr<backfill> newest_;
  /// Until a read has reached it.
  std::optional<std::uint64_t> seen_last_;
  bool complete_ = false;
  bool empty_ = true;
};

}  // namespace spillway::actors
