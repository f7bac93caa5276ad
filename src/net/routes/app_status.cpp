#include "net/routes/app_status.hpp"

#include <algorithm>
#include <map>

namespace spillway::net {
namespace {

struct service_summary {
  std::string state;
  std::string health;
  std::size_t replicas = 0;
};

/// The higher the worse; a service without a health check is no worse than a healthy one.
int badness(const std::string& health) {
  if (health == "unhealthy") return 3;
  if (health == "starting") return 2;
  return health.empty() ? 0 : 1;
}

void add_replica(service_summary& summary, const actors::container_info& container) {
  if (summary.replicas++ == 0) {
    summary.state = container.state;
  } else if (summary.state != container.state) {
    summary.state = "partial";
  }
  if (badness(container.health) > badness(summary.health)) summary.health = container.health;
}

}  // namespace

std::string app_status(const std::vector<actors::container_info>& containers,
                       const std::string& project) {
  std::size_t all = 0;
  std::size_t running = 0;
  for (const auto& container : containers) {
    if (container.project != project) continue;
    ++all;
    running += container.state == "running" ? 1 : 0;
  }
  if (running == 0) return "stopped";
  return running == all ? "running" : "partial";
}

nlohmann::ordered_json service_list(const std::vector<actors::container_info>& containers) {
  std::map<std::string, service_summary> services;
  for (const auto& container : containers) add_replica(services[container.service], container);
  auto list = nlohmann::ordered_json::array();
  for (const auto& [name, summary] : services) {
    list.push_back({{"service", name},
                    {"state", summary.state},
                    {"health", summary.health},
                    {"replicas", summary.replicas}});
  }
  return list;
}

failure engine_failure(const actors::engine_error& error) {
  bool silent = error.code == actors::engine_errc::unavailable;
  return {silent ? 503u : 502u, error.message};
}

}  // namespace spillway::net
