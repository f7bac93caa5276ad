// Which container a viewer means.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "actors/ports/container_engine.hpp"

namespace spillway::actors {

/// Of a project's containers the one of a service and, where given, replica. Without a replica: the
/// lowest that runs, or the lowest of all where none does. Nothing where there is none.
std::optional<container_info> choose_container(const std::vector<container_info>& containers,
                                               std::string_view service,
                                               std::optional<std::uint32_t> replica);

}  // namespace spillway::actors
