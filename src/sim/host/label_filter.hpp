// The `filters` of a list of containers or images.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "sim/host/api_target.hpp"

namespace spillway::sim {

using label_map = std::map<std::string, std::string, std::less<>>;

/// `{"label": ["a=b", "c"], "name": […], "id": […], "status": […]}`, also in Docker's older form
/// `{"label": {"a=b": true}}`.
struct container_filter {
  std::vector<std::string> labels;
  std::vector<std::string> names;
  std::vector<std::string> ids;
  std::vector<std::string> statuses;

  bool matches_labels(const label_map& labels) const;
  /// Of each kind one has to match: a part of the name, the beginning of the id, the state.
  bool matches(std::string_view id, std::string_view name, std::string_view status,
               const label_map& labels) const;
};

/// Refuses what is no JSON and filters that Docker does not know, in its words.
api_result<container_filter> parse_container_filter(const std::string& json);

}  // namespace spillway::sim
