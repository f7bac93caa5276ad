#include "app/process_figures.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>

namespace spillway::app {

namespace {

double ticks_per_second() {
  return static_cast<double>(::sysconf(_SC_CLK_TCK));
}

/// The fields of /proc/self/stat from the third on: the second, the name, may hold anything.
std::istringstream stat_after_name() {
  std::ifstream file("/proc/self/stat");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const auto name_end = text.rfind(')');
  return std::istringstream(name_end == std::string::npos ? "" : text.substr(name_end + 1));
}

/// When the machine started, in seconds since the epoch.
double boot_time() {
  std::ifstream file("/proc/stat");
  std::string word;
  double at = 0;
  while (file >> word) {
    if (word == "btime" && file >> at) return at;
  }
  return 0;
}

std::uint64_t count_descriptors() {
  std::error_code failed;
  const std::filesystem::directory_iterator all("/proc/self/fd", failed);
  if (failed) return 0;
  // The one that reads the folder is among them.
  const auto count = static_cast<std::uint64_t>(std::distance(begin(all), end(all)));
  return count > 0 ? count - 1 : 0;
}

}  // namespace

process_figures read_process_figures() {
  constexpr int utime_field = 14;
  constexpr int last_field = 24;
  process_figures made;
  auto stat = stat_after_name();
  std::string text;
  double cpu_ticks = 0;
  double start_ticks = 0;
  for (int field = 3; field <= last_field && stat >> text; ++field) {
    if (field == utime_field || field == utime_field + 1) cpu_ticks += std::stod(text);
    if (field == 20) made.threads = std::stoull(text);
    if (field == 22) start_ticks = std::stod(text);
    if (field == last_field) {
      made.resident_bytes = std::stoull(text) * static_cast<std::uint64_t>(::getpagesize());
    }
  }
  made.cpu_seconds = cpu_ticks / ticks_per_second();
  made.started_at = boot_time() + start_ticks / ticks_per_second();
  made.open_descriptors = count_descriptors();
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) == 0) made.max_descriptors = limit.rlim_cur;
  return made;
}

}  // namespace spillway::app
