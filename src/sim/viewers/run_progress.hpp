// How a run goes, for who waits for it.
#pragma once

#include <cstddef>
#include <iosfwd>
#include <string>

#include "sim/viewers/run_timeline.hpp"
#include "sim/viewers/scoreboard.hpp"

namespace spillway::sim {

/// On a terminal one block that is written over each second; elsewhere a line every ten. Context:
/// the main thread.
class run_progress {
 public:
  enum class form { block, lines };

  run_progress(std::ostream& out, form how, double seconds)
      : out_(out), form_(how), seconds_(seconds) {}

  void show(const timeline_sample& now, const scoreboard& board);
  /// What is printed next begins on a line of its own.
  void finish() { drawn_lines_ = 0; }

 private:
  std::string block(const timeline_sample& now, const scoreboard& board) const;
  std::string line(const timeline_sample& now, const scoreboard& board) const;
  std::string new_flaws(const scoreboard& board);

  std::ostream& out_;
  const form form_;
  const double seconds_;
  std::size_t drawn_lines_ = 0;
  double told_at_ = 0;
  std::size_t flaws_told_ = 0;
};

}  // namespace spillway::sim
