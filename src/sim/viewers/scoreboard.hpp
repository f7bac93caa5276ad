// What all viewers of a run saw, together.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <compare>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "sim/viewers/behaviour.hpp"
#include "sim/viewers/flaw.hpp"
#include "sim/viewers/latency_histogram.hpp"

namespace spillway::sim {

/// A broken invariant, with what is needed to look into it.
struct broken_invariant {
  flaw what;
  std::size_t viewer = 0;
  std::uint64_t seed = 0;
  behaviour who = behaviour::steady;
  std::string stream;
  std::chrono::system_clock::time_point at;
  /// The last frames before it, oldest first, shortened.
  std::vector<std::string> last_frames;
};

/// What viewers are doing, to be shown.
enum class viewer_phase : std::uint8_t { away, connecting, watching, paused, gone };
inline constexpr std::array<std::string_view, 5> phase_names{"away", "connecting", "watching",
                                                             "not reading", "gone"};

/// Numbers that only grow.
struct scores {
  std::uint64_t lines = 0;
  /// Lines that a viewer had had before it came back.
  std::uint64_t repeated = 0;
  /// Of containers, without a head to tell them by.
  std::uint64_t headless = 0;
  std::uint64_t deploy_lines = 0;
  std::uint64_t process_lines = 0;
  std::uint64_t bytes = 0;
  std::uint64_t notices = 0;
  std::uint64_t skipped = 0;
  std::uint64_t upgrades = 0;
  std::uint64_t resumed = 0;
  std::uint64_t errors = 0;
};

/// Context: any thread.
class scoreboard {
 public:
  /// So many of each kind are kept with all that is known of them; the others are counted.
  static constexpr std::size_t most_kept = 20;
  /// And so many wait for what becomes of the server.
  static constexpr std::size_t most_undecided = 1'000;

  explicit scoreboard(std::size_t streams) : newest_(streams), over_(streams) {}

  // --- what viewers say ---
  struct counters {
    std::atomic<std::uint64_t> lines, repeated, headless, deploy_lines, process_lines, bytes,
        notices, skipped, upgrades, resumed, errors;
  };
  counters& count() { return counters_; }
  /// Microseconds from the printing of a line to here, of viewers that read all there is.
  shared_histogram& latency() { return latency_; }
  /// Microseconds from the beginning of a connection to its upgrade.
  shared_histogram& upgrade_time() { return upgrade_time_; }
  void moved(viewer_phase from, viewer_phase to);
  void entered(viewer_phase at) { ++phases_[static_cast<std::size_t>(at)]; }
  void ended(const std::string& label);
  /// Kinds of rudeness, revocations, deploys: counted by name.
  void did(const std::string& deed);
  void broke(broken_invariant found);
  /// What no viewer's stream shows.
  void broke_outside_of_streams(flaw found);
  /// The same, unless the server turns out to have been shutting down.
  void may_have_broken(broken_invariant found);
  void server_stops() { stops_ = true; }
  bool server_is_stopping() const { return stops_; }
  /// A line of this stream was printed then.
  void saw_line(std::size_t stream, std::chrono::nanoseconds printed_at);
  std::chrono::nanoseconds newest_line(std::size_t stream) const {
    return std::chrono::nanoseconds(newest_[stream].load(std::memory_order_relaxed));
  }
  /// The server closed this stream for someone, with 1000 or 1011, because its source has ended.
  void saw_end(std::size_t stream) { over_[stream] = now_ns(); }
  bool ended_since(std::size_t stream, std::chrono::nanoseconds when) const {
    return over_[stream].load(std::memory_order_relaxed) >= when.count();
  }
  /// A whole deploy, told from others by its app and last frame; a flaw where another viewer was
  /// told it otherwise.
  std::optional<flaw> compare_deploy(const std::string& deploy, std::uint64_t digest,
                                     std::uint64_t frames);

  /// The end of a container's log, as a viewer was told it.
  struct told_exit {
    std::size_t stream;
    std::uint32_t life;
    std::uint64_t number;
    auto operator<=>(const told_exit&) const = default;
  };
  struct exit_witness {
    std::chrono::nanoseconds opened_at{};
    broken_invariant evidence;
  };
  /// To be held against what the container printed, once that is known.
  void told_of_exit(const told_exit& end, exit_witness witness);

  // --- what reports ask ---
  scores totals() const;
  std::array<std::uint64_t, phase_names.size()> phases() const;
  std::map<std::string, std::uint64_t> ends() const;
  std::map<std::string, std::uint64_t> deeds() const;
  std::map<std::string, std::uint64_t> flaws_by_kind() const;
  std::uint64_t flaws() const { return flaw_count_; }
  std::vector<broken_invariant> kept_flaws() const;
  /// Each with the viewer who came last.
  std::map<told_exit, exit_witness> told_exits() const;
  /// Every viewer has left: what was left open is decided. `server_lives`: it was never stopped.
  void settle(bool server_lives);

 private:
  static std::int64_t now_ns() {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::nanoseconds>(now).count();
  }
  struct told_deploy {
    std::uint64_t digest;
    std::uint64_t frames;
  };
  void keep(broken_invariant found);

  counters counters_{};
  shared_histogram latency_;
  shared_histogram upgrade_time_;
  std::array<std::atomic<std::uint64_t>, phase_names.size()> phases_{};
  std::vector<std::atomic<std::int64_t>> newest_;
  std::vector<std::atomic<std::int64_t>> over_;
  std::atomic<bool> stops_{false};
  std::atomic<std::uint64_t> flaw_count_{0};

  mutable std::mutex mutex_;
  std::map<std::string, std::uint64_t> ends_;
  std::map<std::string, std::uint64_t> deeds_;
  std::map<std::string, std::uint64_t> flaws_by_kind_;
  std::vector<broken_invariant> kept_;
  std::vector<broken_invariant> undecided_;
  std::map<std::string, told_deploy> deploys_;
  std::map<told_exit, exit_witness> exits_;
  /// Their keys, the oldest first.
  std::deque<std::string> newest_deploys_;
};

}  // namespace spillway::sim
