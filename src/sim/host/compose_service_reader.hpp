// One service of a compose file.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <tl/expected.hpp>

#include "sim/host/compose_file.hpp"

namespace spillway::sim {

/// What is wrong comes in compose's words, without the file's name.
tl::expected<compose_service, std::string> read_service(const std::string& name,
                                                        const nlohmann::ordered_json& given,
                                                        const variables& values);

}  // namespace spillway::sim
