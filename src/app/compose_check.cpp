#include "app/compose_check.hpp"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include "config/yaml_document.hpp"
#include "protocol/utf8.hpp"

namespace spillway::app {
namespace {

/// `message` may quote a part of a character.
tl::unexpected<std::string> bad_compose(const std::string& message) {
  return tl::unexpected("the compose file " + protocol::repaired_utf8(message));
}

tl::expected<void, std::string> check_document(const YAML::Node& root) {
  if (!root.IsMap()) return bad_compose("is not a YAML map: it starts with keys such as services:");
  const YAML::Node services = root["services"];
  if (!services) return bad_compose("has no services: list at least one under the key services");
  if (!services.IsMap())
    return bad_compose("has a services key that is not a map from names to services");
  if (services.size() == 0) return bad_compose("has an empty services map: list at least one");
  for (const auto& entry : services) {
    if (!entry.first.IsScalar()) return bad_compose("has a service whose name is not text");
    if (!entry.second.IsMap())
      return bad_compose(
          fmt::format("has a service {} that is not a map: give it an image or a "
                      "build",
                      entry.first.Scalar().substr(0, 100)));
  }
  return {};
}

}  // namespace

tl::expected<void, std::string> check_compose(std::string_view text) {
  if (text.size() > max_compose_bytes) return bad_compose("is larger than 1 MiB");
  if (text.find('\0') != std::string_view::npos) return bad_compose("holds a NUL byte");
  if (!protocol::is_valid_utf8(text)) return bad_compose("is not UTF-8 text");
  try {
    const auto document = config::read_yaml(std::string(text));
    if (!document.root) return bad_compose("is empty");
    if (document.second) return bad_compose("holds more than one YAML document");
    return check_document(*document.root);
  } catch (const YAML::Exception& thrown) {
    if (thrown.mark.is_null()) return bad_compose("is not YAML: " + thrown.msg);
    return bad_compose(fmt::format("is not YAML: line {}: {}", thrown.mark.line + 1, thrown.msg));
  } catch (const std::exception& thrown) {
    return bad_compose(fmt::format("could not be read: {}", thrown.what()));
  }
}

}  // namespace spillway::app
