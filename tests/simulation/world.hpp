// Time, chance and order of a simulated run: what happens next, among all that could.
#pragma once

#include <caf/all.hpp>
#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "protocol/timestamp.hpp"
#include "sim/seed.hpp"
#include "support/seeded_actors.hpp"

namespace spillway::simulation {

using event = std::function<void()>;
/// Events of one lane keep their order; those of different lanes happen in any.
using lane = std::uint64_t;

/// The actor system and everything around it, advanced one event at a time. The seed alone decides
/// which of the runnable actors or of the pending outside events comes next, and when a timer is
/// early. Context: the one thread of the run.
class world {
 public:
  explicit world(std::uint64_t seed);

  sim::draws& random() { return random_; }
  bool chance(double probability) { return random_.chance(probability); }
  /// From `least` to `most`, both included.
  std::uint64_t between(std::uint64_t least, std::uint64_t most) {
    return least + random_.below(most - least + 1);
  }

  caf::actor_system& actors() { return actors_; }
  /// The wall clock.
  protocol::timestamp now() const { return wall_; }
  /// By which timers are due; wall time may pass without it.
  caf::actor_clock::time_point timer_time() { return coordinator().clock().current_time; }
  /// Counts events, so that what happened can be told before or after.
  std::uint64_t step_number() const { return step_; }

  lane new_lane() { return ++last_lane_; }
  /// Outside of the actors, as soon as chance has it.
  void soon(lane on, event what);
  /// Outside of the actors, when this time has passed.
  void after(std::chrono::nanoseconds delay, event what);

  /// Lets one thing happen that needs no time; false where there is none.
  bool step();
  void run_until_quiet();
  /// Lets time pass to the next timer, where there is one within `limit`.
  bool pass_to_next_timer(std::chrono::nanoseconds limit);
  /// All that is due within this time, in order, and what follows from it.
  void settle(std::chrono::nanoseconds time);

  /// What never happens any more is forgotten, so that nothing refers to what is going.
  void drop_pending() {
    pending_.clear();
    timers_.clear();
  }

  /// The last moment at which nothing was on its way.
  std::uint64_t quiet_step() const { return quiet_step_; }

  /// Goes into the run's trace: its hash tells whether two runs were the same.
  void note(std::string_view what);
  std::uint64_t trace_hash() const { return hash_; }
  /// The newest entries, oldest first.
  const std::deque<std::string>& trace() const { return trace_; }
  void print_trace_as_it_comes() { prints_ = true; }

  /// An invariant does not hold.
  void broken(std::string what);
  const std::vector<std::string>& violations() const { return violations_; }

 private:
  test::seeded_coordinator& coordinator() {
    return static_cast<test::seeded_coordinator&>(actors_.scheduler());
  }
  void step_actor();
  void step_outside();
  /// The next timer, of the actors or of outside; nothing within `limit`: zero events.
  bool fire_next_timer(std::chrono::nanoseconds limit);

  sim::draws random_;
  test::seeded_config config_;
  caf::actor_system actors_;
  protocol::timestamp wall_{std::chrono::seconds(1'776'420'872)};  // 2026-04-17T10:14:32Z
  std::map<lane, std::deque<event>> pending_;
  std::multimap<caf::actor_clock::time_point, event> timers_;
  lane last_lane_ = 0;
  std::uint64_t step_ = 0;
  std::uint64_t quiet_step_ = 0;
  std::uint64_t hash_ = 0xcbf29ce484222325ULL;
  std::deque<std::string> trace_;
  bool prints_ = false;
  std::vector<std::string> violations_;
};

}  // namespace spillway::simulation
