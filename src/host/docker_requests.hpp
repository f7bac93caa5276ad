// The paths of the Engine API that this server asks for (Engine API v1.41).
#pragma once

#include <string>
#include <string_view>

#include "actors/ports/container_engine.hpp"

namespace spillway::host {

/// Nothing else may become part of a path: 1 to 64 lower-case hexadecimal digits.
bool is_container_id(std::string_view id);

/// `/containers/json?…` of the containers of a compose project, or of all projects where `project`
/// is empty, running or not.
std::string list_target(std::string_view project);

std::string inspect_target(std::string_view id);

/// `/containers/ID/logs?…`, with timestamps.
std::string logs_target(std::string_view id, const actors::log_query& query);

}  // namespace spillway::host
