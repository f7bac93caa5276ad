#include "bench/engine_answers.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace spillway::bench {
namespace {

using nlohmann::json;

/// `/v1.41/containers/json` without its version.
std::string_view without_version(std::string_view target) {
  if (!target.starts_with("/v1.")) return target;
  const auto slash = target.find('/', 1);
  return slash == std::string_view::npos ? target : target.substr(slash);
}

json listed(const fed_container& container) {
  return {{"Id", container.id},
          {"Names", {"/" + container.project + "_web_1"}},
          {"State", "running"},
          {"Status", "Up 5 minutes"},
          {"Labels",
           {{"com.docker.compose.project", container.project},
            {"com.docker.compose.service", "web"},
            {"com.docker.compose.container-number", "1"},
            {"com.docker.compose.oneoff", "False"}}}};
}

engine_answer list_containers(std::string_view query, const std::vector<fed_container>& all) {
  json found = json::array();
  for (const auto& container : all) {
    // The filter's `{"label":["com.docker.compose.project=NAME"]}`, percent-encoded.
    const bool asked = query.find("project%3D") == std::string_view::npos ||
                       query.find("project%3D" + container.project + "%22") != query.npos;
    if (asked) found.push_back(listed(container));
  }
  return {200, found.dump(), {}, false};
}

engine_answer not_found() {
  return {404, R"({"message":"no such container"})", {}, false};
}

engine_answer inspect() {
  return {200,
          json{{"Config", {{"Tty", false}}},
               {"State",
                {{"Running", true}, {"Restarting", false}, {"StartedAt", "2026-01-01T00:00:00Z"}}}}
              .dump(),
          {},
          false};
}

}  // namespace

fed_container make_container(std::size_t number, std::string project) {
  return {std::move(project), fmt::format("{:064x}", number + 1)};
}

engine_answer answer_request(std::string_view target,
                             const std::vector<fed_container>& containers) {
  target = without_version(target);
  const auto mark = std::min(target.find('?'), target.size());
  const std::string_view path = target.substr(0, mark);
  const std::string_view query = target.substr(mark);
  if (path == "/_ping") return {200, "OK", {}, false};
  if (path == "/version") {
    return {200, R"({"Version":"20.10.24","ApiVersion":"1.41","MinAPIVersion":"1.12"})", {}, false};
  }
  if (path == "/containers/json") return list_containers(query, containers);
  for (std::size_t i = 0; i < containers.size(); ++i) {
    const std::string folder = "/containers/" + containers[i].id;
    if (path == folder + "/json") return inspect();
    if (path == folder + "/logs") {
      return {200, {}, i, query.find("follow=1") != std::string_view::npos};
    }
  }
  return not_found();
}

}  // namespace spillway::bench
