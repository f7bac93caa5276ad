// Where the Docker Engine is.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "config/settings.hpp"

namespace spillway::config {

/// Checks `unix:///path` or `tcp://host:port` and returns it. The error is a sentence that says
/// what is wrong and what to write.
tl::expected<std::string, std::string> parse_docker_host(std::string_view url);

/// Reads a variable of the environment; null where it is not set, as std::getenv.
using environment_lookup = std::function<const char*(const char* name)>;

/// Takes DOCKER_HOST for `docker.host` where neither the file nor the command line set that. The
/// error is a sentence for the user: a value that cannot be used must not silently give way to the
/// default engine.
tl::expected<void, std::string> apply_environment(settings& target, bool docker_host_was_set,
                                                  const environment_lookup& lookup);

}  // namespace spillway::config
