#include "system/engine.hpp"

#include <cstdio>
#include <cstdlib>
#include <sstream>
#include <stdexcept>

namespace spillway::system_test {

namespace {

std::string environment(const char* name, const std::string& otherwise) {
  const char* value = std::getenv(name);
  return value && *value ? value : otherwise;
}

/// A tar archive (POSIX ustar) with one file, which is empty.
std::string tar_of_empty_file(const std::string& name) {
  std::string header(512, '\0');
  const auto put = [&header](std::size_t at, const std::string& text) {
    header.replace(at, text.size(), text);
  };
  put(0, name);
  put(100, "0000644");
  put(108, "0000000");
  put(116, "0000000");
  put(124, "00000000000");
  put(136, "00000000000");
  put(148, "        ");
  put(156, "0");
  put(257, std::string("ustar\0"
                       "00",
                       8));
  unsigned sum = 0;
  for (const char c : header) sum += static_cast<unsigned char>(c);
  char checksum[8];
  std::snprintf(checksum, sizeof checksum, "%06o", sum);
  put(148, std::string(checksum, 7));
  return header + std::string(1024, '\0');
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

std::vector<std::string> compose_words() {
  std::istringstream given(environment("SPILLWAY_TEST_COMPOSE", "docker-compose"));
  std::vector<std::string> words;
  for (std::string word; given >> word;) words.push_back(word);
  return words;
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
  const auto copied =
      client_.send("PUT", "/containers/" + id + "/archive?path=%2F", tar_of_empty_file(name),
                   {{"Content-Type", "application/x-tar"}});
  if (copied.status != 200) throw std::runtime_error("no copy into a container: " + copied.body);
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
