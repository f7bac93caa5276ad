// YAML from outside.
#pragma once

#include <yaml-cpp/yaml.h>

#include <optional>
#include <string>

namespace spillway::config {

struct yaml_document {
  /// Nothing in a text without anything but comments.
  std::optional<YAML::Node> root;
  /// Where a second document begins, if one does.
  std::optional<YAML::Mark> second;
};

/// The first document of a text. Throws YAML::Exception where the text, as far as the end of a
/// second document, is not YAML. Context: any thread.
yaml_document read_yaml(const std::string& text);

}  // namespace spillway::config
