#include "sim/viewers/scoreboard.hpp"

#include <fmt/format.h>

#include <utility>

namespace spillway::sim {

namespace {

/// A hostile server could answer in endlessly many ways.
constexpr std::size_t most_labels = 200;
/// Deploys whose replays are compared: the newest.
constexpr std::size_t most_deploys = 2'000;
/// Ends of logs that are held against what was printed: each is of all viewers who had the same.
constexpr std::size_t most_exits = 100'000;

void count_label(std::map<std::string, std::uint64_t>& counts, const std::string& label) {
  const bool room = counts.size() < most_labels || counts.contains(label);
  ++counts[room ? label : "others"];
}

}  // namespace

void scoreboard::moved(viewer_phase from, viewer_phase to) {
  if (from == to) return;
  entered(to);
  --phases_[static_cast<std::size_t>(from)];
}

void scoreboard::ended(const std::string& label) {
  const std::lock_guard lock(mutex_);
  count_label(ends_, label);
}

void scoreboard::did(const std::string& deed) {
  const std::lock_guard lock(mutex_);
  count_label(deeds_, deed);
}

void scoreboard::broke(broken_invariant found) {
  const std::lock_guard lock(mutex_);
  keep(std::move(found));
}

void scoreboard::broke_outside_of_streams(flaw found) {
  broken_invariant made;
  made.what = std::move(found);
  made.stream = "no stream";
  made.at = std::chrono::system_clock::now();
  broke(std::move(made));
}

void scoreboard::may_have_broken(broken_invariant found) {
  const std::lock_guard lock(mutex_);
  if (undecided_.size() < most_undecided) undecided_.push_back(std::move(found));
}

void scoreboard::keep(broken_invariant found) {
  ++flaw_count_;
  const auto of_kind = ++flaws_by_kind_[std::string(name_of(found.what.kind))];
  if (of_kind <= most_kept) kept_.push_back(std::move(found));
}

void scoreboard::settle(bool server_lives) {
  const std::lock_guard lock(mutex_);
  for (auto& each : std::exchange(undecided_, {})) {
    if (!stops_ || server_lives) keep(std::move(each));
  }
}

void scoreboard::saw_line(std::size_t stream, std::chrono::nanoseconds printed_at) {
  auto& newest = newest_[stream];
  auto known = newest.load(std::memory_order_relaxed);
  while (known < printed_at.count() &&
         !newest.compare_exchange_weak(known, printed_at.count(), std::memory_order_relaxed)) {
  }
}

std::optional<flaw> scoreboard::compare_deploy(const std::string& deploy, std::uint64_t digest,
                                               std::uint64_t frames) {
  const std::lock_guard lock(mutex_);
  const auto [known, is_new] = deploys_.try_emplace(deploy, told_deploy{digest, frames});
  if (is_new) newest_deploys_.push_back(deploy);
  if (newest_deploys_.size() > most_deploys) {
    deploys_.erase(newest_deploys_.front());
    newest_deploys_.pop_front();
  }
  if (is_new || (known->second.digest == digest && known->second.frames == frames)) return {};
  return flaw{flaw_kind::replay_differs,
              fmt::format("a deploy had {} frames here and {} for another viewer", frames,
                          known->second.frames)};
}

void scoreboard::told_of_exit(const told_exit& end, exit_witness witness) {
  const std::lock_guard lock(mutex_);
  const auto known = exits_.find(end);
  if (known == exits_.end()) {
    if (exits_.size() < most_exits) exits_.emplace(end, std::move(witness));
  } else if (known->second.opened_at < witness.opened_at) {
    known->second = std::move(witness);
  }
}

std::map<scoreboard::told_exit, scoreboard::exit_witness> scoreboard::told_exits() const {
  const std::lock_guard lock(mutex_);
  return exits_;
}

scores scoreboard::totals() const {
  const auto& c = counters_;
  return {c.lines,   c.repeated, c.headless, c.deploy_lines, c.process_lines, c.bytes,
          c.notices, c.skipped,  c.upgrades, c.resumed,      c.errors};
}

std::array<std::uint64_t, phase_names.size()> scoreboard::phases() const {
  std::array<std::uint64_t, phase_names.size()> made{};
  for (std::size_t i = 0; i < made.size(); ++i) made[i] = phases_[i];
  return made;
}

std::map<std::string, std::uint64_t> scoreboard::ends() const {
  const std::lock_guard lock(mutex_);
  return ends_;
}

std::map<std::string, std::uint64_t> scoreboard::deeds() const {
  const std::lock_guard lock(mutex_);
  return deeds_;
}

std::map<std::string, std::uint64_t> scoreboard::flaws_by_kind() const {
  const std::lock_guard lock(mutex_);
  return flaws_by_kind_;
}

std::vector<broken_invariant> scoreboard::kept_flaws() const {
  const std::lock_guard lock(mutex_);
  return kept_;
}

}  // namespace spillway::sim
