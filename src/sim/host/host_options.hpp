// How a simulated host is to be.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "sim/host/fault_schedule.hpp"
#include "sim/host/printing_model.hpp"

namespace spillway::sim {

struct host_options {
  std::filesystem::path socket;
  unsigned apps = 3;
  unsigned services = 1;
  unsigned replicas = 1;
  printing_model model;
  double tty_share = 0;
  std::optional<std::uint64_t> seed;
  std::vector<fault_entry> faults;
  double speed = 1;
  std::chrono::milliseconds compose_duration{0};
  std::uint64_t deploy_lines = 0;
  /// From a container's last breath until it is gone: the real Engine takes its file systems apart.
  std::chrono::milliseconds removal_takes{40};
  /// Where containers and tools live; empty: a folder that goes with the host.
  std::filesystem::path directory;
  /// Gets a folder with a compose file for each app; empty: none.
  std::filesystem::path apps_directory;
  std::string project_prefix = "simpledeploy-";
  std::vector<std::string> images;
  std::size_t log_bytes = 1 << 20;
  std::size_t script_log_bytes = 32 << 20;
  std::filesystem::path journal;
  std::filesystem::path ground_truth;
  unsigned threads = 2;
  /// spillway-sim itself.
  std::filesystem::path program = "/proc/self/exe";
};

}  // namespace spillway::sim
