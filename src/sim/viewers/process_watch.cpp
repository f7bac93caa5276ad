#include "sim/viewers/process_watch.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>

namespace spillway::sim {

std::optional<process_use> look_at_process(pid_t pid) {
  std::ifstream file(fmt::format("/proc/{}/stat", pid));
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  // The name, in brackets, may hold anything; the state follows it as field 3 (proc(5)).
  std::istringstream fields(text.substr(std::min(text.rfind(')') + 1, text.size())));
  std::string word;
  for (int field = 3; field < 14; ++field) fields >> word;
  double user = 0;
  double system = 0;
  process_use use;
  fields >> user >> system;
  for (int field = 16; field < 20; ++field) fields >> word;
  fields >> use.threads;
  for (int field = 21; field < 24; ++field) fields >> word;
  std::uint64_t pages = 0;
  if (!(fields >> pages)) return {};
  use.resident_bytes = pages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  use.cpu_seconds = (user + system) / static_cast<double>(::sysconf(_SC_CLK_TCK));
  std::error_code failed;
  const std::filesystem::directory_iterator open(fmt::format("/proc/{}/fd", pid), failed);
  if (!failed) use.descriptors = static_cast<std::uint64_t>(std::distance(begin(open), end(open)));
  return use;
}

}  // namespace spillway::sim
