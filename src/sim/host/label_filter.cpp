#include "sim/host/label_filter.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

namespace spillway::sim {

namespace {

using nlohmann::json;

std::vector<std::string> values_of(const json& list) {
  std::vector<std::string> values;
  if (list.is_object()) {
    for (const auto& [value, wanted] : list.items()) values.push_back(value);
  }
  for (const json& each : list.is_array() ? list : json::array()) {
    if (each.is_string()) values.push_back(each.get<std::string>());
  }
  return values;
}

/// As Go's decoder complains.
std::string unreadable_filter(const std::string& text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string::npos) return "unexpected end of JSON input";
  return fmt::format("invalid character '{}' looking for beginning of value", text[first]);
}

bool one_matches(const std::vector<std::string>& wanted,
                 const std::function<bool(const std::string&)>& matches) {
  return wanted.empty() || std::any_of(wanted.begin(), wanted.end(), matches);
}

}  // namespace

bool container_filter::matches_labels(const label_map& of) const {
  return std::all_of(labels.begin(), labels.end(), [&](const std::string& wanted) {
    const auto equals = wanted.find('=');
    const auto found = of.find(wanted.substr(0, equals));
    if (found == of.end()) return false;
    return equals == std::string::npos || found->second == wanted.substr(equals + 1);
  });
}

bool container_filter::matches(std::string_view id, std::string_view name, std::string_view status,
                               const label_map& of) const {
  return matches_labels(of) &&
         one_matches(ids, [&](const std::string& each) { return id.starts_with(each); }) &&
         one_matches(names,
                     [&](std::string each) {
                       if (each.starts_with('/')) each.erase(0, 1);
                       if (each.starts_with('^')) return name == each.substr(1, each.find('$') - 1);
                       return name.find(each) != std::string_view::npos;
                     }) &&
         one_matches(statuses, [&](const std::string& each) { return status == each; });
}

api_result<container_filter> parse_container_filter(const std::string& text) {
  container_filter filter;
  if (text.empty()) return filter;
  const json parsed = json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (parsed.is_discarded() || !parsed.is_object()) {
    return tl::unexpected(api_error{500, unreadable_filter(text)});
  }
  static const std::set<std::string, std::less<>> ignored{
      "ancestor", "before",    "exited", "expose", "health",   "is-task",   "isolation",
      "network",  "publish",   "since",  "volume", "dangling", "reference", "type",
      "event",    "container", "image",  "daemon", "scope",    "driver"};
  for (const auto& [name, list] : parsed.items()) {
    if (name == "label") {
      filter.labels = values_of(list);
    } else if (name == "name") {
      filter.names = values_of(list);
    } else if (name == "id") {
      filter.ids = values_of(list);
    } else if (name == "status") {
      filter.statuses = values_of(list);
    } else if (!ignored.contains(name)) {
      return tl::unexpected(api_error{400, fmt::format("Invalid filter '{}'", name)});
    }
  }
  return filter;
}

}  // namespace spillway::sim
