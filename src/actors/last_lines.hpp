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
  /// that it did not bring go to `unseen`, in order.
  last_lines(const log_index& seen, std::size_t max_bytes, sink unseen);

  /// What is to be read first.
  static log_query newest() { return {.tail = backfill::entries}; }
  void add(const std::shared_ptr<const log_chunk>& chunk);
  /// After the last chunk of a read: what is to be read next; nothing where all is read.
  std::optional<log_query> after_read();
  /// The line seen last is there, so that what came after it is all that was missing; or the log is
  /// empty, so that there is nothing to be had.
  bool reached() const { return !seen_last_ || empty_; }
  /// The stream brought no line, and what has been read is all of the log.
  bool complete() const { return complete_; }

 private:
  void pass_on(const protocol::log_line& line);

  const log_index& seen_;
  sink unseen_;
  /// Null once the newest stretch has been read.
  std::unique_ptr<backfill> newest_;
  /// Until a read has reached it.
  std::optional<std::uint64_t> seen_last_;
  bool complete_ = false;
  bool empty_ = true;
};

}  // namespace spillway::actors
