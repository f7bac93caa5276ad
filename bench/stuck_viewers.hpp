// Viewers that never read, as an audience for other measurements.
#pragma once

#include <cstddef>

#include "bench/test_bed.hpp"

namespace spillway::bench {

/// Opens `count` viewers that never read, and prints lines until nothing more fits into their
/// sockets: the kernel's buffers alone would take a slow log for minutes, and nobody were stuck.
/// Throws `failure` where that takes too long.
const viewer_group& open_stuck(test_bed& bed, std::size_t count);

}  // namespace spillway::bench
