// How many descriptors this process may have open.
#pragma once

#include <sys/resource.h>

namespace spillway::host {

/// Raises the soft limit to the hard one and returns what it is then: each viewer costs a
/// descriptor, and the usual soft limit of 1024 is for programs that use select(2). Programs that
/// `child` launches start with the limit of before. Context: main, before any thread.
rlim_t raise_descriptor_limit();

/// The limits before they were raised; nothing to go back to where they were not.
const rlimit* descriptor_limit_before();

}  // namespace spillway::host
