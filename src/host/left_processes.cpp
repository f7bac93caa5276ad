#include "host/left_processes.hpp"

#include <poll.h>
#include <signal.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>

#include "host/unique_fd.hpp"

namespace spillway::host {
namespace {

std::optional<pid_t> process_number(const std::string& name) {
  pid_t number = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
  if (error != std::errc() || end != name.data() + name.size()) return std::nullopt;
  return number;
}

bool carries_one_of(const std::filesystem::path& process, const std::vector<std::string>& marks) {
  std::ifstream file(process / "environ", std::ios::binary);
  const std::string all{std::istreambuf_iterator<char>(file), {}};
  std::string_view rest = all;
  while (!rest.empty()) {
    const std::string_view entry = rest.substr(0, rest.find('\0'));
    rest.remove_prefix(std::min(entry.size() + 1, rest.size()));
    if (std::ranges::find(marks, entry) != marks.end()) return true;
  }
  return false;
}

/// Handles, for a number could become another's meanwhile.
std::vector<unique_fd> processes_that_carry(const std::vector<std::string>& marks) {
  std::vector<unique_fd> found;
  std::error_code failed;
  std::filesystem::directory_iterator entry("/proc", failed);
  for (; !failed && entry != std::filesystem::directory_iterator(); entry.increment(failed)) {
    const auto number = process_number(entry->path().filename().string());
    if (!number || *number == ::getpid() || !carries_one_of(entry->path(), marks)) continue;
    unique_fd handle(static_cast<int>(::syscall(SYS_pidfd_open, *number, 0)));
    if (!handle && errno != ESRCH)
      spdlog::warn("[deploy] cannot end process {}: {}", *number, std::strerror(errno));
    // Looked at once more: now the handle and what was read are of one process.
    if (handle && carries_one_of(entry->path(), marks)) found.push_back(std::move(handle));
  }
  return found;
}

void signal_all(const std::vector<unique_fd>& processes, int number) {
  for (const unique_fd& each : processes)
    ::syscall(SYS_pidfd_send_signal, each.get(), number, nullptr, 0);
}

void wait_for_all(const std::vector<unique_fd>& processes,
                  std::chrono::steady_clock::time_point deadline) {
  for (const unique_fd& each : processes) {
    pollfd ended{each.get(), POLLIN, 0};
    for (;;) {
      const auto left =
          std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
      const int ready = ::poll(&ended, 1, static_cast<int>(std::max<long>(left.count(), 0)));
      if (ready > 0) break;
      if (ready == 0 || errno != EINTR) return;
    }
  }
}

}  // namespace

std::string deploy_mark(const std::string& instance, const std::string& deploy_id) {
  return "SPILLWAY_DEPLOY=" + deploy_id + "@" + instance;
}

std::string instance_of(const std::filesystem::path& data_dir) {
  struct stat found {};
  if (::stat(data_dir.c_str(), &found) != 0) return "unknown";
  return std::to_string(found.st_dev) + "-" + std::to_string(found.st_ino);
}

std::size_t end_left_processes(const std::vector<std::string>& marks,
                               std::chrono::milliseconds grace) {
  const auto deadline = std::chrono::steady_clock::now() + grace;
  const auto left = processes_that_carry(marks);
  signal_all(left, SIGTERM);
  wait_for_all(left, deadline);
  signal_all(left, SIGKILL);
  // What they started meanwhile.
  signal_all(processes_that_carry(marks), SIGKILL);
  return left.size();
}

}  // namespace spillway::host
