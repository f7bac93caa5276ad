// Of which project compose is called, and where.
#pragma once

#include <set>
#include <string>

namespace spillway::sim {

struct compose_place {
  std::string project;
  /// Of the compose file; builds start in its folder.
  std::string file;
  std::string folder;
};

/// Whether an action on these services, none being all, is about this one.
inline bool is_meant(const std::string& service, const std::set<std::string>& services) {
  return services.empty() || services.contains(service);
}

}  // namespace spillway::sim
