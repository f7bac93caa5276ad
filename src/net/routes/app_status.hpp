// What the containers of an app say about it.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "actors/ports/container_engine.hpp"
#include "net/ports.hpp"

namespace spillway::net {

/// `running` (all of them), `partial`, `stopped` (none, or there are none).
std::string app_status(const std::vector<actors::container_info>& containers,
                       const std::string& project);

/// `[{"service","state","health","replicas"}]`, sorted by service. Replicas of one state have that
/// state, else `partial`; the worst health counts.
nlohmann::ordered_json service_list(const std::vector<actors::container_info>& containers);

/// 503 where the engine does not answer, 502 where its answer is of no use.
failure engine_failure(const actors::engine_error& error);

}  // namespace spillway::net
