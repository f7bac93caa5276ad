// The dashboard that was built into the binary.
#pragma once

#include <span>

#include "net/static_file.hpp"

namespace spillway::app {

/// Empty where it was built without. Context: any thread.
std::span<const net::static_file> dashboard_files();

}  // namespace spillway::app
