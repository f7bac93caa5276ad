// Lines of a bounded read of a container's log, before it is known which of them count.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>

#include "actors/ports/container_engine.hpp"

namespace spillway::actors {

/// A queue of lines that stay in the chunks in which they came. Context: the actor that owns it.
class history_buffer {
 public:
  using chunk_ptr = std::shared_ptr<const log_chunk>;

  enum class unfinished_lines : std::uint8_t { kept, dropped };
  void add(const chunk_ptr& chunk, unfinished_lines those = unfinished_lines::kept);
  void clear();

  bool empty() const { return lines_.empty(); }
  std::size_t size() const { return lines_.size(); }
  /// About what the lines cost: their text, and what is kept of each beside.
  std::size_t bytes() const { return bytes_ + lines_.size() * line_overhead; }
  /// Docker's entries in the answer so far.
  std::uint64_t entries() const { return entries_; }
  protocol::log_line operator[](std::size_t i) const { return line_of(lines_[i]); }
  protocol::log_line front() const { return line_of(lines_.front()); }
  protocol::log_line back() const { return line_of(lines_.back()); }
  void pop_front();
  /// Lets go of the oldest lines until at most `lines` are left.
  void keep_newest(std::size_t lines);

 private:
  static constexpr std::size_t line_overhead = 64;

  struct place {
    chunk_ptr chunk;
    std::size_t index;
  };
  static protocol::log_line line_of(const place& p) { return p.chunk->lines[p.index]; }

  std::deque<place> lines_;
  std::size_t bytes_ = 0;
  std::uint64_t entries_ = 0;
};

}  // namespace spillway::actors
