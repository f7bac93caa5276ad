// Containers and what happens to them, as the Engine API writes them.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/host/container_state.hpp"

namespace spillway::sim {

/// An entry of `GET /containers/json`.
nlohmann::ordered_json listed_container(const container_view& of, protocol::timestamp now);

/// `GET /containers/{id}/json`. `directory` is the host's own.
nlohmann::ordered_json inspected_container(const container_view& of, const std::string& directory);

/// An event of a container, with what it says beyond the container's labels, image and name.
nlohmann::ordered_json container_event(
    const container_view& of, std::string_view action, protocol::timestamp at,
    const std::vector<std::pair<std::string, std::string>>& more = {});

/// `running`, …
std::string_view phase_text(container_phase phase);

/// `Up 5 minutes (healthy)`, `Exited (137) 2 seconds ago`.
std::string status_text(const container_state& state, protocol::timestamp now);

/// `2026-04-17T10:14:32.118Z`, as Go writes times: without zeros at the end.
std::string go_time(std::optional<protocol::timestamp> at);

}  // namespace spillway::sim
