// The text of a compose file as JSON.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "sim/host/compose_file.hpp"

namespace YAML {
class Node;
}

namespace spillway::sim {

/// YAML into JSON, with values put into the texts of services. Throws what yaml-cpp throws.
/// Context: any one thread.
class compose_yaml {
 public:
  /// Both outlive it.
  compose_yaml(const variables& values, std::vector<std::string>& warnings)
      : values_(values), warnings_(warnings) {}

  nlohmann::ordered_json convert(const YAML::Node& root);
  /// The first value that could not be put in.
  const std::optional<std::string>& wrong() const { return wrong_; }

 private:
  nlohmann::ordered_json options(const YAML::Node& node, const std::string& service);
  nlohmann::ordered_json value(const YAML::Node& node, const std::string& option,
                               const std::string& service);
  nlohmann::ordered_json scalar(const YAML::Node& node, const std::string& where,
                                const std::string& service);

  const variables& values_;
  std::vector<std::string>& warnings_;
  std::optional<std::string> wrong_;
};

}  // namespace spillway::sim
