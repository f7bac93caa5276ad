#include "sim/host/compose_file.hpp"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <set>
#include <string_view>

#include "sim/host/compose_service_reader.hpp"
#include "sim/host/compose_yaml.hpp"

namespace spillway::sim {

namespace {

using nlohmann::ordered_json;
using refused = tl::unexpected<std::string>;
using problem = std::optional<std::string>;

const std::set<std::string_view> top_keys{"version", "name",    "services", "networks",
                                          "volumes", "secrets", "configs"};

constexpr const char* wrong_version =
    "You might be seeing this error because you're using the wrong Compose file version. Either "
    "specify a supported version (e.g \"2.2\" or \"3.3\") and place your service definitions under "
    "the `services` key, or omit the `version` key and place your service definitions at the root "
    "of the file to use version 1.\nFor more on the Compose file format versions, see "
    "https://docs.docker.com/compose/compose-file/";

std::string invalid(const std::string& path, const std::string& what) {
  return "The Compose file '" + path + "' is invalid because:\n" + what;
}

problem read_deploys(const ordered_json& given, deploy_model& into) {
  if (!given.is_object()) return "x-sim must be a mapping";
  for (const auto& [key, value] : given.items()) {
    const bool good = value.is_number() && value.get<double>() >= 0;
    if (key == "deploy_lines" && value.is_number_unsigned()) {
      into.lines = value.get<std::uint64_t>();
    } else if (key == "deploy_fails" && value.is_number_unsigned() && value <= 255) {
      into.fails = value.get<int>();
    } else if (key == "deploy_seconds" && good) {
      into.seconds = value.get<double>();
    } else {
      return "x-sim." + key + ": use deploy_lines, deploy_fails (an exit code) and deploy_seconds";
    }
  }
  return std::nullopt;
}

/// Those that others depend on first.
problem put_in_order(std::vector<compose_service>& services) {
  std::vector<compose_service> ordered;
  std::set<std::string> there;
  while (!services.empty()) {
    const auto ready = std::find_if(services.begin(), services.end(), [&](const auto& each) {
      return std::all_of(each.depends_on.begin(), each.depends_on.end(),
                         [&](const std::string& name) { return there.contains(name); });
    });
    if (ready == services.end()) {
      const auto& first = services.front();
      for (const std::string& name : first.depends_on) {
        const bool known = there.contains(name) ||
                           std::any_of(services.begin(), services.end(),
                                       [&](const auto& each) { return each.name == name; });
        if (!known) {
          return fmt::format("Service '{}' depends on service '{}' which is undefined.", first.name,
                             name);
        }
      }
      return fmt::format("Circular dependency between {}", first.name);
    }
    there.insert(ready->name);
    ordered.push_back(std::move(*ready));
    services.erase(ready);
  }
  services = std::move(ordered);
  return std::nullopt;
}

}  // namespace

bool compose_file::needs_network() const {
  return std::any_of(services.begin(), services.end(),
                     [](const auto& each) { return each.network_mode.empty(); });
}

tl::expected<compose_file, std::string> parse_compose_file(const std::string& text,
                                                           const std::string& path,
                                                           const variables& values) {
  compose_file file;
  YAML::Node root;
  try {
    root = YAML::Load(text);
    if (!root.IsMap()) {
      return refused("Top level object in '" + path + "' needs to be an object not '" +
                     (root.IsSequence() ? "<class 'list'>" : "<class 'NoneType'>") + "'.");
    }
    const YAML::Node services = root["services"];
    if (services && !services.IsMap() && !services.IsNull()) {
      return refused("In file '" + path + "', services 'services' must be a mapping not an " +
                     (services.IsSequence() ? "array." : "string."));
    }
    compose_yaml convert(values, file.warnings);
    file.content = convert.convert(root);
    if (convert.wrong()) return refused(*convert.wrong());
  } catch (const YAML::Exception& e) {
    return refused(fmt::format("yaml.parser.ParserError: {}\n  in \"{}\", line {}, column {}",
                               e.msg, path, e.mark.line + 1, e.mark.column + 1));
  }
  for (const auto& [key, value] : file.content.items()) {
    if (!top_keys.contains(key) && !key.starts_with("x-")) {
      return refused(invalid(
          path, "'" + key + "' does not match any of the regexes: '^x-'\n\n" + wrong_version));
    }
  }
  if (file.content.contains("x-sim")) {
    const auto wrong = read_deploys(file.content["x-sim"], file.deploys);
    if (wrong) return refused(invalid(path, *wrong));
  }
  auto services = file.content.value("services", ordered_json::object());
  if (!services.is_object()) services = ordered_json::object();
  for (const auto& [name, given] : services.items()) {
    auto service = read_service(name, given, values);
    if (!service) {
      // Compose finds this one only after it has put all files together.
      const bool of_all = service.error().starts_with("Service ");
      return refused(of_all ? "The Compose file is invalid because:\n" + service.error()
                            : invalid(path, service.error()));
    }
    file.services.push_back(std::move(*service));
  }
  const auto wrong = put_in_order(file.services);
  if (wrong) return refused(*wrong);
  return file;
}

}  // namespace spillway::sim
