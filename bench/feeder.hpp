// A Docker Engine with nothing but logs: the source of every line of a run.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "bench/engine_answers.hpp"

namespace spillway::bench {

/// Serves the Engine API on a Unix socket from a thread of its own. Each app has one container,
/// `web`, without history; its log is silent until told otherwise and goes on while it is followed.
/// The lines carry rising numbers, from 0 in each log.
///
/// At most 1 MiB waits for a follower that reads too slowly; then the log pauses, as a container
/// does whose output is not taken, and what became due meanwhile comes as soon as there is room.
///
/// Context: any thread.
class feeder {
 public:
  /// Throws `failure` where the socket cannot be made.
  feeder(const std::string& socket_path, std::vector<fed_container> containers,
         std::size_t text_bytes);
  feeder(const feeder&) = delete;
  feeder& operator=(const feeder&) = delete;
  ~feeder();

  /// Prints `lines` lines at an even rate, instead of what the log did before.
  void start(std::size_t app, double lines_per_second, std::uint64_t lines);
  void stop(std::size_t app);

  /// Of the line that comes next.
  std::uint32_t next_number(std::size_t app) const;

 private:
  class engine;
  std::unique_ptr<engine> engine_;
};

}  // namespace spillway::bench
