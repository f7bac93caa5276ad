// The configuration as text for humans, made from the settings table.
#pragma once

#include <string>

#include "config/settings.hpp"

namespace spillway::config {

/// Every key with its value, as YAML that load_text reads back as the same settings.
std::string print_effective(const settings& values);

/// The shipped config/spillway.yaml: every key, commented out, with default, range and meaning.
std::string commented_default_yaml();

/// docs/configuration.md
std::string configuration_reference_markdown();

}  // namespace spillway::config
