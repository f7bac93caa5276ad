// What a run came to.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "sim/viewers/faults_journal.hpp"
#include "sim/viewers/latency_histogram.hpp"
#include "sim/viewers/run_timeline.hpp"
#include "sim/viewers/scoreboard.hpp"

namespace spillway::sim {

struct crowd_report {
  std::uint64_t seed = 0;
  std::string url;
  std::size_t viewers = 0;
  /// How many of each behaviour, and of how many logs, apps' deploys and process logs.
  std::map<std::string, std::uint64_t> behaviours;
  std::map<std::string, std::uint64_t> streams;
  std::chrono::system_clock::time_point began;
  double seconds = 0;
  scores totals;
  std::map<std::string, std::uint64_t> ends;
  std::map<std::string, std::uint64_t> deeds;
  std::map<std::string, std::uint64_t> flaws_by_kind;
  std::uint64_t flaws = 0;
  std::vector<broken_invariant> kept_flaws;
  latency_histogram latency;
  latency_histogram upgrade_time;
  std::vector<timeline_sample> timeline;
  std::vector<fault_mark> faults;
  /// Sentences: what a reader should know before they believe the figures.
  std::vector<std::string> remarks;
};

/// For a terminal or a log.
std::string as_text(const crowd_report& report);
/// For programs.
std::string as_json(const crowd_report& report);
/// One page without requests.
std::string as_html(const crowd_report& report);

/// `12.3 ms`
std::string duration_text(std::uint64_t microseconds);

}  // namespace spillway::sim
