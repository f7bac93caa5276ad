#include "sim/host/compose_yaml.hpp"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <cstdint>

namespace spillway::sim {

using nlohmann::ordered_json;

ordered_json compose_yaml::convert(const YAML::Node& root) {
  auto top = ordered_json::object();
  for (const auto& each : root) {
    const std::string key = each.first.Scalar();
    if (key != "services" || !each.second.IsMap()) {
      top[key] = value(each.second, "", "");
      continue;
    }
    auto& services = top[key] = ordered_json::object();
    for (const auto& service : each.second) {
      const std::string name = service.first.Scalar();
      services[name] = options(service.second, name);
    }
  }
  return top;
}

ordered_json compose_yaml::options(const YAML::Node& node, const std::string& service) {
  if (!node.IsMap()) return value(node, "", service);
  auto object = ordered_json::object();
  for (const auto& each : node) {
    const std::string option = each.first.Scalar();
    object[option] = value(each.second, option, service);
  }
  return object;
}

ordered_json compose_yaml::value(const YAML::Node& node, const std::string& option,
                                 const std::string& service) {
  if (node.IsMap()) {
    auto object = ordered_json::object();
    for (const auto& each : node) {
      object[each.first.Scalar()] = value(each.second, option, service);
    }
    return object;
  }
  if (node.IsSequence()) {
    auto list = ordered_json::array();
    for (const auto& each : node) list.push_back(value(each, option, service));
    return list;
  }
  return node.IsScalar() ? scalar(node, option, service) : ordered_json();
}

ordered_json compose_yaml::scalar(const YAML::Node& node, const std::string& where,
                                  const std::string& service) {
  const std::string& text = node.Scalar();
  if (node.Tag() != "!") {
    bool flag = false;
    std::int64_t whole = 0;
    double number = 0;
    if (YAML::convert<std::int64_t>::decode(node, whole)) {
      if (whole >= 0) return static_cast<std::uint64_t>(whole);
      return whole;
    }
    if (YAML::convert<bool>::decode(node, flag)) return flag;
    if (YAML::convert<double>::decode(node, number)) return number;
  }
  if (service.empty()) return text;
  auto value = with_values(text, values_, warnings_);
  if (value) return *value;
  if (!wrong_) {
    wrong_ = value.error().empty()
                 ? fmt::format(
                       "Invalid interpolation format for \"{}\" option in service "
                       "\"{}\": \"{}\"",
                       where, service, text)
                 : fmt::format(
                       "Missing mandatory value for \"{}\" option interpolating {} in "
                       "service \"{}\": {}",
                       where, text, service, value.error());
  }
  return text;
}

}  // namespace spillway::sim
