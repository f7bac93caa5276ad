#include "bench/process_usage.hpp"

#include <fmt/format.h>
#include <sched.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>

#include "bench/clock.hpp"
#include "bench/stop_request.hpp"

namespace spillway::bench {
namespace {

/// A nice value, far ahead of the usual 0.
constexpr int ahead = -15;

/// `/autogroup-12 nice 0`
int session_nice() {
  std::ifstream file("/proc/self/autogroup");
  std::string name;
  std::string word;
  int value = 0;
  file >> name >> word >> value;
  return value;
}

/// CPU time of all threads of a process, user and system.
double cpu_seconds(pid_t pid) {
  std::ifstream file(fmt::format("/proc/{}/stat", pid));
  std::string text{std::istreambuf_iterator<char>(file), {}};
  // The name, in brackets, may hold anything; the state follows it, utime and stime are 14 and 15.
  std::istringstream rest(text.substr(std::min(text.rfind(')') + 1, text.size())));
  std::string skipped;
  for (int field = 3; field < 14; ++field) rest >> skipped;
  double user = 0;
  double system = 0;
  if (!(rest >> user >> system)) throw failure("the server has ended during the run");
  return (user + system) / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

/// Time that a core was not idle, for whatever program.
double busy_seconds(int core) {
  std::ifstream file("/proc/stat");
  const std::string name = fmt::format("cpu{} ", core);
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with(name)) continue;
    // user nice system idle iowait irq softirq steal
    std::istringstream fields(line.substr(name.size()));
    double busy = 0;
    double value = 0;
    for (int i = 0; i < 8 && fields >> value; ++i) busy += i == 3 || i == 4 ? 0 : value;
    return busy / static_cast<double>(::sysconf(_SC_CLK_TCK));
  }
  return 0;
}

}  // namespace

cpu_watch::cpu_watch(pid_t server, std::optional<int> core)
    : server_(server), core_(core), start_ns_(monotonic_ns()), before_(read()) {}

cpu_watch::reading cpu_watch::read() const {
  return {cpu_seconds(server_), cpu_seconds(::getpid()), core_ ? busy_seconds(*core_) : 0};
}

cpu_shares cpu_watch::shares() const {
  const reading now = read();
  const double percent = 100 / seconds_since(start_ns_);
  cpu_shares cpu;
  cpu.server = (now.server - before_.server) * percent;
  cpu.load = (now.load - before_.load) * percent;
  cpu.others = std::max(0.0, (now.core - before_.core) * percent - cpu.server);
  return cpu;
}

bool disturbed(const cpu_shares& cpu) {
  constexpr double tolerable_percent = 5;
  return cpu.others > tolerable_percent;
}

std::string cpu_text(const cpu_shares& cpu) {
  auto text = fmt::format("CPU {:.1f} % and viewers' {:.1f} %", cpu.server, cpu.load);
  if (disturbed(cpu)) text += fmt::format(", OTHER PROGRAMS {:.0f} %", cpu.others);
  return text;
}

std::size_t resident_bytes(pid_t pid) {
  std::ifstream file(fmt::format("/proc/{}/smaps_rollup", pid));
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("Rss:")) return std::stoul(line.substr(4)) * 1024;
  }
  throw failure("the server has ended during the run");
}

std::size_t open_descriptors(pid_t pid) {
  const std::filesystem::directory_iterator all(fmt::format("/proc/{}/fd", pid));
  return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

bool pin_to_core(int core) {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(core, &set);
  return ::sched_setaffinity(0, sizeof set, &set) == 0;
}

priority_over_others::priority_over_others() : session_before_(session_nice()) {
  ::setpriority(PRIO_PROCESS, 0, ahead);
  std::ofstream("/proc/self/autogroup") << ahead;
}

priority_over_others::~priority_over_others() {
  std::ofstream("/proc/self/autogroup") << session_before_;
}

void raise_open_files_limit() {
  constexpr rlim_t wanted = 65536;
  const rlimit high{wanted, wanted};
  if (::setrlimit(RLIMIT_NOFILE, &high) == 0) return;
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace spillway::bench
