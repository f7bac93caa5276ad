#include "sim/viewers/log_checker.hpp"

#include <fmt/format.h>

namespace spillway::sim {

namespace {

std::string line_name(std::uint32_t life, std::uint64_t number) {
  return fmt::format("#{}.{}", life, number);
}
std::string line_name(const numbered_line& head) {
  return line_name(head.life, head.number);
}

}  // namespace

void log_checker::begin_connection() {
  if (state_ == state::fresh) return;
  state_ = state::overlap;
  overlap_last_ = 0;
  // What was told as skipped is asked for once more, with everything after the last line.
  skipped_ = 0;
  skipped_in_overlap_ = false;
}

std::optional<flaw> log_checker::on_skipped(std::uint64_t count) {
  if (count == 0) return flaw{flaw_kind::wrong_notice, "a notice of 0 skipped lines"};
  skipped_ += count;
  skipped_in_overlap_ = skipped_in_overlap_ || state_ == state::overlap;
  return {};
}

std::optional<flaw> log_checker::on_line(const numbered_line& head) {
  switch (state_) {
    case state::fresh:
      // It began where it asked to begin; before that, a notice can be about anything.
      state_ = state::strict;
      run_begin_ = head.number;
      accept(head);
      return {};
    case state::overlap:
      return on_overlap(head);
    case state::strict:
      break;
  }
  if (head.life > last_.life) return on_new_life(head);
  if (head.life < last_.life || head.number <= last_.number) return on_old(head);
  return on_next(head);
}

std::optional<flaw> log_checker::on_overlap(const numbered_line& head) {
  if (head.life == last_.life && head.number <= last_.number) {
    if (head.number <= overlap_last_) {
      return flaw{head.number == overlap_last_ ? flaw_kind::doubled : flaw_kind::out_of_order,
                  fmt::format("{} came after {} of the same connection", line_name(head),
                              line_name(head.life, overlap_last_))};
    }
    overlap_last_ = head.number;
    ++had_before_;
    return {};
  }
  state_ = state::strict;
  return on_line(head);
}

std::optional<flaw> log_checker::on_new_life(const numbered_line& head) {
  std::optional<flaw> found;
  if (head.number != 1 && !notice_fits(head.number - 1)) {
    found = flaw{skipped_ == 0 ? flaw_kind::gap : flaw_kind::wrong_notice,
                 fmt::format("life {} begins with {}, after {} and a notice of {} skipped lines",
                             head.life, line_name(head), line_name(last_), skipped_)};
  }
  run_begin_ = head.number;
  accept(head);
  return found;
}

std::optional<flaw> log_checker::on_next(const numbered_line& head) {
  const auto missing = head.number - last_.number - 1;
  std::optional<flaw> found;
  if (missing != skipped_ && !notice_fits(missing)) {
    found = skipped_ == 0
                ? flaw{flaw_kind::gap, fmt::format("{} lines are missing between {} and {}",
                                                   missing, line_name(last_), line_name(head))}
                : flaw{flaw_kind::wrong_notice,
                       fmt::format("{} lines are missing between {} and {}, the notice says {}",
                                   missing, line_name(last_), line_name(head), skipped_)};
  }
  if (missing != 0) run_begin_ = head.number;
  accept(head);
  return found;
}

std::optional<flaw> log_checker::on_old(const numbered_line& head) const {
  const bool had = head.life == last_.life && head.number >= run_begin_;
  return flaw{had ? flaw_kind::doubled : flaw_kind::out_of_order,
              fmt::format("{} came after {}", line_name(head), line_name(last_))};
}

std::optional<numbered_line> log_checker::end() const {
  if (!begun() || (skipped_ != 0 && (headless_ || skipped_in_overlap_))) return std::nullopt;
  numbered_line made = last_;
  made.number += skipped_;
  return made;
}

void log_checker::accept(const numbered_line& head) {
  last_ = head;
  skipped_ = 0;
  skipped_in_overlap_ = false;
  ++fresh_;
}

/// A notice that may be about lines without a head, or about lines that were had before, may say
/// more than is missing.
bool log_checker::notice_fits(std::uint64_t missing) const {
  if (missing == skipped_) return true;
  return (headless_ || skipped_in_overlap_) && missing < skipped_;
}

}  // namespace spillway::sim
