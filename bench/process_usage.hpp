// What a process has used of the machine, as the kernel tells.
#pragma once

#include <sys/types.h>

#include <cstddef>

namespace spillway::bench {

/// CPU time of all its threads, user and system, in seconds.
double cpu_seconds(pid_t pid);

/// Time that a core was not idle, for whatever program, in seconds.
double busy_seconds(int core);

/// Resident memory, exact (smaps_rollup), in bytes.
std::size_t resident_bytes(pid_t pid);

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
