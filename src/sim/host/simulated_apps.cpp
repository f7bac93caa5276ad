#include "sim/host/simulated_apps.hpp"

#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>
#include <string_view>

#include "sim/seed.hpp"

namespace spillway::sim {

namespace {

/// The server's clients ask for `web` unless told otherwise.
std::string service_name(unsigned number) {
  static constexpr std::array<std::string_view, 6> names{"web",   "worker", "db",
                                                         "cache", "queue",  "proxy"};
  return number < names.size() ? std::string(names[number]) : fmt::format("service-{}", number + 1);
}

}  // namespace

std::vector<simulated_app> simulated_apps(const host_options& options, std::uint64_t seed) {
  std::vector<simulated_app> apps;
  for (unsigned app = 1; app <= options.apps; ++app) {
    simulated_app made{fmt::format("app-{}", app), {}};
    nlohmann::ordered_json services;
    for (unsigned number = 0; number < options.services; ++number) {
      const std::string name = service_name(number);
      draws from(seed_of(seed, made.slug + " " + name));
      nlohmann::ordered_json service{{"image", "spillway-sim/" + name + ":1"},
                                     {"network_mode", "none"}};
      if (options.replicas != 1) service["scale"] = options.replicas;
      service["x-sim"] = nlohmann::ordered_json(to_json(options.model));
      service["x-sim"]["tty"] = from.chance(options.tty_share);
      services[name] = std::move(service);
    }
    made.compose =
        nlohmann::ordered_json{{"version", "2.4"}, {"services", services}}.dump(2) + "\n";
    apps.push_back(std::move(made));
  }
  return apps;
}

}  // namespace spillway::sim
