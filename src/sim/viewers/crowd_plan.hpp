// What a run of viewers is to do, as the command line says it.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/viewers/mix.hpp"

namespace spillway::sim {

struct crowd_plan {
  /// `http://HOST:PORT`
  std::string url;
  std::string token;
  std::size_t count = 0;
  /// Empty: those that the server lists.
  std::vector<std::string> apps;
  /// Empty: those that each app has.
  std::vector<std::string> services;
  std::chrono::nanoseconds duration{std::chrono::seconds(60)};
  std::vector<behaviour> behaviours;
  std::optional<mix<stream_kind>> streams;
  double arrivals_per_second = 0;
  std::uint64_t seed = 0;
  unsigned threads = 1;
  /// Of those that read all there is: how many in a hundred offer permessage-deflate.
  unsigned compressed_percent = 30;
  std::uint64_t slow_bytes_per_second = 8'000;
  /// As the server has it: who reads too slowly for its sockets to show it is cut after that.
  std::chrono::nanoseconds stall_timeout{std::chrono::seconds(60)};
  std::chrono::nanoseconds flap_every{std::chrono::seconds(6)};
  std::chrono::nanoseconds stuck_for{std::chrono::seconds(20)};
  /// How long a viewer whose access is taken away has it, about.
  std::chrono::nanoseconds revoke_after{std::chrono::seconds(10)};
  /// Access ends within two seconds; a little more for what is measured from outside. And when a
  /// stream that goes on is no longer waited for.
  std::chrono::nanoseconds access_grace{std::chrono::milliseconds(2'100)};
  std::chrono::nanoseconds access_patience{std::chrono::seconds(10)};
  /// Of the waiting times before a viewer comes back: 1 are those of the reference, a second that
  /// doubles to thirty.
  double backoff_scale = 1;
  double deploys_per_minute = 0;
  /// A viewer that reads may be so far behind another of the same log.
  std::chrono::nanoseconds most_lag{std::chrono::seconds(30)};
  bool allow_1011 = false;
  bool allow_limits = false;
  /// The run ends early when so many lines were checked, or an invariant was broken.
  std::optional<std::uint64_t> enough_lines;
  bool stop_at_first = false;
  int watch_pid = 0;
  std::string faults_journal;
  std::string json_file;
  std::string html_file;
  std::string plots_folder;
  bool quiet = false;
};

}  // namespace spillway::sim
