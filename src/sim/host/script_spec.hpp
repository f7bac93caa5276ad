// What a scripted container runs.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace spillway::sim {

/// How far a script is kept apart: in namespaces of its own and with its folder as `/`, which takes
/// root; or only with its folder as the working directory.
enum class isolation { full, none };

struct script_spec {
  /// spillway-sim, which runs the init process.
  std::filesystem::path program = "/proc/self/exe";
  std::vector<std::string> words;
  std::vector<std::string> environment;
  /// The container's `/`.
  std::filesystem::path root;
  /// What stands in its `/bin`: busybox and its links.
  std::filesystem::path tools;
  std::string host_name;
  std::string working_directory;
  bool tty = false;
  isolation apart = isolation::none;
};

}  // namespace spillway::sim
