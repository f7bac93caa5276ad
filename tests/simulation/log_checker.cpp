#include "simulation/log_checker.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <utility>

namespace spillway::simulation {

namespace {

/// Lines are stamped out of order by so much at most.
constexpr std::chrono::seconds disorder{1};

}  // namespace

log_checker::log_checker(world& w, const simulated_engine& engine, std::string viewer,
                         std::string project, protocol::container_logs_request wanted)
    : world_(w),
      engine_(engine),
      viewer_(std::move(viewer)),
      project_(std::move(project)),
      wanted_(std::move(wanted)) {
  for (const auto& c : engine.containers())
    came_at_.push_back({c->log.size(), engine.surely_had(*c), c->running});
}

void log_checker::complain(const std::string& what) const {
  world_.broken(fmt::format("{} ({} of {}, tail {}, follow {}{}{}): {}", viewer_, wanted_.service,
                            project_, wanted_.tail ? std::to_string(*wanted_.tail) : "all",
                            wanted_.follow, wanted_.since ? ", since" : "",
                            wanted_.until ? ", until" : "", what));
}

void log_checker::take(const std::string& payload) {
  const auto frame = nlohmann::json::parse(payload);
  if (error_) return complain("got a frame after the error: " + payload);
  if (frame.contains("error")) {
    error_ = frame["error"].get<std::string>();
  } else if (frame.contains("skipped")) {
    const auto count = frame["skipped"].get<std::uint64_t>();
    if (count == 0) complain("a notice of no skipped line");
    pending_skip_ += count;
    skipped_ += count;
  } else {
    take_line(frame.at("line").get<std::string>());
  }
}

void log_checker::take_line(const std::string& text) {
  std::size_t index = 0;
  std::size_t number = 0;
  if (std::sscanf(text.c_str(), "c%zu n%zu", &index, &number) != 2)
    return complain("got what no container printed: " + text);
  const auto& c = *engine_.containers().at(index);
  if (c.info.project != project_) return complain("got a line of another project: " + text);
  if (c.info.service != wanted_.service) return complain("got a line of another service: " + text);
  if (wanted_.replica && c.info.replica != *wanted_.replica)
    return complain("got a line of another replica: " + text);
  if (container_ != nullptr && container_ != &c)
    return complain("got a line of another container: " + text);
  container_ = &c;
  ++received_;
  if (last_) {
    check_gap(c, number);
  } else {
    check_start(c, number);
  }
  last_ = number;
  pending_skip_ = 0;
}

bool log_checker::may_be_filtered(const simulated_container& c, std::size_t number) const {
  const auto at = c.log[number].at;
  return (wanted_.since && at < *wanted_.since + disorder) ||
         (wanted_.until && at > *wanted_.until - disorder);
}

void log_checker::check_gap(const simulated_container& c, std::size_t next) const {
  if (next <= *last_)
    return complain(fmt::format("line {} of c{} came after {}", next, c.index, *last_));
  const std::size_t missing = next - *last_ - 1;
  std::size_t may_be_missing = 0;
  for (std::size_t n = *last_ + 1; n < next; ++n) may_be_missing += may_be_filtered(c, n) ? 1 : 0;
  if (pending_skip_ <= missing && missing <= pending_skip_ + may_be_missing) return;
  complain(fmt::format("between lines {} and {} of c{} {} are missing and {} told as skipped",
                       *last_, next, c.index, missing, pending_skip_));
}

std::size_t log_checker::length_at_open(const simulated_container& c) const {
  return c.index < came_at_.size() ? came_at_[c.index].length : 0;
}

bool log_checker::was_running_at_open(const simulated_container& c) const {
  return c.index >= came_at_.size() || came_at_[c.index].running;
}

/// History began at some moment between the viewer's coming and its first line.
void log_checker::check_start(const simulated_container& c, std::size_t number) {
  if (pending_skip_ > number)
    return complain(fmt::format("{} lines told as skipped before line {}", pending_skip_, number));
  const std::size_t start = number - pending_skip_;
  const std::size_t had = c.index < came_at_.size() ? came_at_[c.index].surely_had : 0;
  const auto from_tail = [&](std::size_t of) {
    return wanted_.tail ? of - std::min<std::size_t>(of, *wanted_.tail) : 0;
  };
  // The tail is of the lines that are old or new enough.
  const std::size_t earliest = wanted_.since || wanted_.until ? 0 : from_tail(had);
  std::size_t latest = std::max(from_tail(c.log.size()), c.kept_from);
  // The first line that is not surely too old, or too new by a clock that was set back since.
  while ((wanted_.since || wanted_.until) && latest < c.log.size() && may_be_filtered(c, latest))
    ++latest;
  if (wanted_.since) {
    if (c.log[number].at + disorder < *wanted_.since && !c.clock_jumped)
      complain(fmt::format("line {} is too old for `since`", number));
    std::size_t first = 0;
    while (first < c.log.size() && c.log[first].at < *wanted_.since + disorder) ++first;
    latest = std::max(latest, first);
  }
  const bool by_clock = c.clock_jumped && (wanted_.tail == 0U || wanted_.since);
  auto text =
      fmt::format("began at line {} of c{}, not from {} to {}", start, c.index, earliest, latest);
  if (start < earliest && !by_clock) complain(text);
  // Whether a line is new to a viewer without history is told by the clocks.
  if (by_clock) return;
  // A read that failed may have missed some: that is told at its end.
  if (start > latest) began_late_ = std::move(text);
}

void log_checker::check_end(const protocol::close_frame& how,
                            std::uint64_t quiet_before_open) const {
  const auto reason = how.reason.text();
  if (began_late_ && how.code != protocol::close_code::internal_error) complain(*began_late_);
  const bool all_due = reason == "container exited" || reason == "end of history";
  if (!all_due || wanted_.until) return;
  if (pending_skip_ != 0 && reason == "end of history")
    complain("lines were skipped at the end of a history");
  // With `since`, none may be due; with no line, it is not known of which container.
  if (container_ == nullptr) return;
  const auto& c = *container_;
  // Lines that nobody had read went with it.
  if (c.removed || (wanted_.since && c.clock_jumped)) return;
  std::size_t due = length_at_open(c);
  if (reason == "container exited" && was_running_at_open(c)) {
    const auto e = std::find_if(c.exits.begin(), c.exits.end(),
                                [&](const auto& each) { return each.step >= quiet_before_open; });
    if (e != c.exits.end()) due = e->length;
  }
  const std::size_t had = *last_ + 1 + pending_skip_;
  // The last lines may be stamped before the ones that came, and so be too old.
  while (due > had && may_be_filtered(c, due - 1)) --due;
  // What is rotated away unread is nowhere.
  if (had < due && had >= c.kept_from)
    complain(fmt::format("ended ({}) after {} of {} lines of c{}", reason, had, due, c.index));
}

void log_checker::check_caught_up() const {
  if (began_late_) complain(*began_late_);
  if (wanted_.until || !wanted_.follow || error_) return;
  if (container_ != nullptr) {
    const std::size_t had = *last_ + 1 + pending_skip_;
    if (had != container_->log.size())
      complain(fmt::format("has {} of {} lines of c{}, though all is quiet", had,
                           container_->log.size(), container_->index));
    return;
  }
  if (wanted_.tail == 0U || wanted_.since) return;
  // No line yet: then there is none, in whichever container it is of.
  const bool may_be_empty =
      std::any_of(engine_.containers().begin(), engine_.containers().end(), [&](const auto& c) {
        return c->info.project == project_ && c->info.service == wanted_.service &&
               c->log.size() == c->kept_from;
      });
  if (!may_be_empty) complain("has no line, though all is quiet");
}

}  // namespace spillway::simulation
