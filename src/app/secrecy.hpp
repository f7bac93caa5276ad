// Keeps secrets out of what the system shows of a process.
#pragma once

#include <string>
#include <vector>

namespace spillway::app {

/// The program's arguments without its name. What stands behind `--token` is overwritten in `argv`
/// itself, since everybody on the machine can read that (`ps`). Context: main, before anything
/// else.
std::vector<std::string> take_arguments(int argc, char** argv);

/// From here on no core dump is written of this process, and no other of the same user may read its
/// memory (PR_SET_DUMPABLE in prctl(2)): tokens and passwords pass through it. Programs that it
/// starts are not concerned.
void forbid_memory_dumps();

}  // namespace spillway::app
