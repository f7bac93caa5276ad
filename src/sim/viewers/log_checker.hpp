// Whether a container's lines arrive each once, in order, and all of them.
#pragma once

#include <cstdint>
#include <optional>

#include "sim/numbered_line.hpp"
#include "sim/viewers/flaw.hpp"

namespace spillway::sim {

/// Follows one viewer's log over all its connections. A viewer that comes back asks for lines that
/// it has had, to be sure of the next: those are counted and passed over, as a terminal client
/// does, and from the first new one on nothing may be missing. Context: one viewer.
///
///   new --first line--> strict --begin_connection--> overlap --a line it has not had--> strict
class log_checker {
 public:
  /// The next connection asks for everything from before the last line on.
  void begin_connection();

  /// A line with a head.
  std::optional<flaw> on_line(const numbered_line& head);
  /// A line without one: what it stood for cannot be told, and a notice may count such lines, too.
  void on_headless() { headless_ = true; }
  /// A notice that so many lines were skipped.
  std::optional<flaw> on_skipped(std::uint64_t count);

  bool begun() const { return state_ != state::fresh; }
  /// Where the log has ended for this viewer, with what it was told it missed; nothing where it had
  /// no line, or where a notice may be about other lines.
  std::optional<numbered_line> end() const;
  /// The last line of those that are new, and how many were new and were not.
  const numbered_line& last() const { return last_; }
  std::uint64_t fresh() const { return fresh_; }
  std::uint64_t had_before() const { return had_before_; }

 private:
  enum class state : std::uint8_t { fresh, strict, overlap };

  std::optional<flaw> on_overlap(const numbered_line& head);
  std::optional<flaw> on_new_life(const numbered_line& head);
  std::optional<flaw> on_next(const numbered_line& head);
  std::optional<flaw> on_old(const numbered_line& head) const;
  void accept(const numbered_line& head);
  bool notice_fits(std::uint64_t missing) const;

  state state_ = state::fresh;
  numbered_line last_;
  /// Where the lines that came without a break up to the last one begin.
  std::uint64_t run_begin_ = 0;
  /// Told as skipped since the last line.
  std::uint64_t skipped_ = 0;
  /// The notice came while lines were repeated: it may be about lines that were had.
  bool skipped_in_overlap_ = false;
  std::uint64_t overlap_last_ = 0;
  bool headless_ = false;
  std::uint64_t fresh_ = 0;
  std::uint64_t had_before_ = 0;
};

}  // namespace spillway::sim
