#include "system/engine.hpp"

#include <cstdlib>
#include <stdexcept>

#include "system/child_process.hpp"

namespace spillway::system_test {

namespace {

std::string environment(const char* name, const std::string& otherwise) {
  const char* value = std::getenv(name);
  return value && *value ? value : otherwise;
}

std::string label(const nlohmann::json& container, const std::string& name) {
  return container["Labels"].value("com.docker.compose." + name, "");
}

}  // namespace

std::optional<std::string> docker_host() {
  static const auto found = []() -> std::optional<std::string> {
    const auto url = environment("SPILLWAY_TEST_DOCKER_HOST", "");
    if (url.empty()) return {};
    if (http_client(parse_engine_url(url)).get("/_ping").status != 200) return {};
    return url;
  }();
  return found;
}

std::string test_image() {
  return environment("SPILLWAY_TEST_IMAGE", "spillway-test/busybox:1");
}

engine::engine(const std::string& url) : url_(url), client_(parse_engine_url(url)) {}

nlohmann::json engine::list() const {
  auto containers = client_.get("/containers/json?all=true").json();
  return containers.is_array() ? containers : nlohmann::json::array();
}

std::string engine::container(const std::string& project, const std::string& service,
                              const std::string& replica) const {
  for (const auto& each : list())
    if (label(each, "project") == project && label(each, "service") == service &&
        label(each, "container-number") == replica)
      return each["Id"];
  return "";
}

void engine::kill_container(const std::string& id) const {
  client_.post("/containers/" + id + "/kill");
}

/// By a copy: `docker exec` does not work in a chroot.
void engine::let_go(const std::string& id, const std::string& name) const {
  const auto copied = run({{"docker", "-H", url_, "cp", "/bin/true", id + ":/" + name}, {}, ""});
  if (copied.exit_code != 0) throw std::runtime_error("docker cp: " + copied.standard_error);
}

std::string engine::raw_log(const std::string& id) const {
  return client_.get("/containers/" + id + "/logs?stdout=true&stderr=true&timestamps=true").body;
}

void engine::remove_projects(const std::string& prefix) const {
  for (const auto& each : list())
    if (label(each, "project").starts_with(prefix))
      client_.remove("/containers/" + each["Id"].get<std::string>() + "?force=true&v=true");
  // What compose built for them is named after them.
  const auto images = client_.get("/images/json").json();
  for (const auto& image : images.is_array() ? images : nlohmann::json::array())
    for (const auto& tag : image.value("RepoTags", nlohmann::json::array()))
      if (tag.is_string() && tag.get<std::string>().starts_with(prefix))
        client_.remove("/images/" + tag.get<std::string>());
}

nlohmann::json shell_service(const std::string& script) {
  std::string escaped;
  for (const char c : script) escaped.append(c == '$' ? 2 : 1, c);
  return {{"image", test_image()},
          {"network_mode", "none"},
          {"stop_signal", "SIGKILL"},
          {"command", {"sh", "-c", escaped}}};
}

std::string compose_file(const nlohmann::json& services) {
  return nlohmann::json{{"version", "3.7"}, {"services", services}}.dump(2);
}

std::string web_app(const std::string& script) {
  return compose_file({{"web", shell_service(script)}});
}

std::string numbered_lines(std::size_t count) {
  // Bursts of 25 lines, so that the shell's own speed hardly matters.
  return "i=0; while [ $i -lt " + std::to_string(count) +
         " ]; do n=0; while [ $n -lt 25 ]; do i=$((i+1)); n=$((n+1)); echo line $i; done; "
         "usleep 50000; done";
}

}  // namespace spillway::system_test
