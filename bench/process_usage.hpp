// What a process has used of the machine, as the kernel tells.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace spillway::bench {

/// Who used the processor, in percent of one core.
struct cpu_shares {
  double server = 0;
  /// Viewers and feeder.
  double load = 0;
  /// What other programs took of the server's core; 0 where it is not known.
  double others = 0;
};

/// Whether other programs took so much of the server's core that the figures say less.
bool disturbed(const cpu_shares& cpu);

/// `CPU 40 % and viewers' 30 %`, and the others' share where it spoils the figures.
std::string cpu_text(const cpu_shares& cpu);

/// Counts from its beginning.
class cpu_watch {
 public:
  /// `core` is that of the server, if it has one of its own. Throws `failure` without the server.
  cpu_watch(pid_t server, std::optional<int> core);
  cpu_shares shares() const;

 private:
  struct reading {
    double server;
    double load;
    double core;
  };
  reading read() const;

  pid_t server_;
  std::optional<int> core_;
  std::int64_t start_ns_;
  reading before_;
};

/// Resident memory, exact (smaps_rollup), in bytes.
std::size_t resident_bytes(pid_t pid);

std::size_t open_descriptors(pid_t pid);

/// The calling thread, and threads and programs that it starts from now on, run on this core alone.
/// False where there is no such core.
bool pin_to_core(int core);

/// While it lives, this program and those it starts go before others of the machine, as far as that
/// is allowed. A session counts as one (sched(7), "autogroup"), so the caller's session goes ahead,
/// too, and is put back in the end.
class priority_over_others {
 public:
  priority_over_others();
  priority_over_others(const priority_over_others&) = delete;
  priority_over_others& operator=(const priority_over_others&) = delete;
  ~priority_over_others();

 private:
  int session_before_;
};

/// Room for a viewer a descriptor. Programs started later inherit it.
void raise_open_files_limit();

}  // namespace spillway::bench
