// The apps that a simulated host has from its beginning.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/host/host_options.hpp"

namespace spillway::sim {

struct simulated_app {
  /// `app-1`
  std::string slug;
  /// Its compose file, all services modelled.
  std::string compose;
};

/// The same for the same options and seed.
std::vector<simulated_app> simulated_apps(const host_options& options, std::uint64_t seed);

}  // namespace spillway::sim
