#include "sim/viewers/run_progress.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <ostream>

#include "sim/viewers/crowd_report.hpp"

namespace spillway::sim {

namespace {

constexpr double seconds_between_lines = 10;
constexpr std::size_t ends_shown = 8;

double per_second(std::uint64_t count, const timeline_sample& now) {
  return now.span > 0 ? static_cast<double>(count) / now.span : 0;
}

}  // namespace

void run_progress::show(const timeline_sample& now, const scoreboard& board) {
  if (form_ == form::lines) {
    if (now.at - told_at_ < seconds_between_lines) return;
    told_at_ = now.at;
    out_ << line(now, board) << new_flaws(board) << std::flush;
    return;
  }
  const auto text = block(now, board);
  // Up to the block's first line, and away with what is below (ECMA-48: CPL, ED).
  if (drawn_lines_ > 0) out_ << "\x1b[" << drawn_lines_ << "F\x1b[J";
  out_ << text << std::flush;
  drawn_lines_ = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

std::string run_progress::line(const timeline_sample& now, const scoreboard& board) const {
  return fmt::format(
      "{:.0f} s: {} watching, {:.0f} lines/s, p50 {}, p99 {}, {} skipped, {} broken\n", now.at,
      now.watching, per_second(now.lines, now), duration_text(now.p50), duration_text(now.p99),
      board.totals().skipped, board.flaws());
}

/// At once, not at the end of a long run: what can be looked into may be gone by then.
std::string run_progress::new_flaws(const scoreboard& board) {
  std::string out;
  const auto flaws = board.kept_flaws();
  for (; flaws_told_ < flaws.size(); ++flaws_told_) {
    const auto& flaw = flaws[flaws_told_];
    fmt::format_to(std::back_inserter(out), "  broken: {}: {} ({}, viewer {})\n",
                   name_of(flaw.what.kind), flaw.what.what, flaw.stream, flaw.viewer);
  }
  return out;
}

std::string run_progress::block(const timeline_sample& now, const scoreboard& board) const {
  std::string out = fmt::format("{:.0f} of {:.0f} s\n", now.at, seconds_);
  const auto phases = board.phases();
  out += "viewers   ";
  for (std::size_t i = 0; i < phases.size(); ++i)
    fmt::format_to(std::back_inserter(out), "{}{} {}", i == 0 ? "" : ", ", phases[i],
                   phase_names[i]);
  fmt::format_to(std::back_inserter(out),
                 "\nlines     {:.0f}/s, {} in all, {} skipped\n"
                 "latency   p50 {}, p99 {}, max {}\n",
                 per_second(now.lines, now), board.totals().lines, board.totals().skipped,
                 duration_text(now.p50), duration_text(now.p99), duration_text(now.max));
  if (now.process) {
    fmt::format_to(std::back_inserter(out),
                   "server    {:.0f} MiB, {} descriptors, {} threads, CPU {:.0f} %\n",
                   static_cast<double>(now.process->resident_bytes) / (1 << 20),
                   now.process->descriptors, now.process->threads, now.process_cpu);
  }
  std::size_t shown = 0;
  for (const auto& [label, count] : board.ends()) {
    if (shown++ == ends_shown) break;
    fmt::format_to(std::back_inserter(out), "ended     {:>8} {}\n", count, label);
  }
  fmt::format_to(std::back_inserter(out), "broken    {}\n", board.flaws());
  for (const auto& [kind, count] : board.flaws_by_kind())
    fmt::format_to(std::back_inserter(out), "          {:>8} {}\n", count, kind);
  return out;
}

}  // namespace spillway::sim
