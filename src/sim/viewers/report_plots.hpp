// The plots of a report.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "sim/viewers/crowd_report.hpp"

namespace spillway::sim {

/// Each with the name of its file, without an ending.
std::vector<std::pair<std::string, std::string>> plots_of(const crowd_report& report);

}  // namespace spillway::sim
