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

/// Ahead of other programs of the machine, also for programs started from now on. Without the right
/// to it nothing changes.
void raise_priority();

/// Room for a viewer a descriptor. Programs started later inherit it.
void raise_open_files_limit();

}  // namespace spillway::bench
