#include "sim/host/api_answers.hpp"

#include "sim/host/container_config.hpp"
#include "sim/host/container_json.hpp"

namespace spillway::sim {

using nlohmann::ordered_json;

api_answer json_answer(unsigned status, const ordered_json& body) {
  api_answer answer;
  answer.status = status;
  answer.body = body.dump(-1, ' ', false, ordered_json::error_handler_t::replace) + "\n";
  return answer;
}

api_answer empty_answer(unsigned status) {
  api_answer answer;
  answer.status = status;
  answer.content_type.clear();
  return answer;
}

api_answer page_not_found() {
  api_answer answer = refusal({404, "page not found"});
  answer.anonymous = true;
  return answer;
}

api_answer info_answer(const std::vector<found_container>& all) {
  std::size_t running = 0;
  for (const auto& each : all) {
    if (each.view->state().phase == container_phase::running) ++running;
  }
  return json_answer(200, {{"ID", "SIMU:LATE:D"},
                           {"Containers", all.size()},
                           {"ContainersRunning", running},
                           {"ContainersPaused", 0},
                           {"ContainersStopped", all.size() - running},
                           {"Driver", "overlay2"},
                           {"LoggingDriver", "json-file"},
                           {"OSType", "linux"},
                           {"OperatingSystem", "spillway-sim"},
                           {"ServerVersion", "20.10.24+sim"}});
}

api_answer created_answer(const std::string& id) {
  return json_answer(201, {{"Id", id}, {"Warnings", ordered_json::array()}});
}

api_answer exit_answer(int code) {
  return json_answer(200, {{"Error", nullptr}, {"StatusCode", code}});
}

api_answer no_such_container(const std::string& reference) {
  return refusal({404, "No such container: " + reference});
}

api_answer no_log_of_what_is_removed() {
  return refusal({409, "can not get logs from container which is dead or marked for removal"});
}

api_answer image_answer(const ordered_json& all, const std::string& name) {
  for (const ordered_json& each : all) {
    if (each["RepoTags"][0] != name) continue;
    ordered_json config;
    config["Cmd"] = ordered_json::array({"sh"});
    config["Env"] = ordered_json::array({"PATH=/bin"});
    return json_answer(200,
                       {{"Id", each["Id"]}, {"RepoTags", each["RepoTags"]}, {"Config", config}});
  }
  return refusal({404, "No such image: " + name});
}

api_answer network_made() {
  return json_answer(201, {{"Id", ""}, {"Warning", ""}});
}

api_answer deploy_answer(std::uint32_t number) {
  return json_answer(200, {{"number", number}});
}

api_answer refused_version(const api_error& why) {
  api_answer answer = refusal(why);
  answer.experimental = false;
  return answer;
}

api_answer cannot_kill(const std::string& reference, api_error why) {
  why.message = "Cannot kill container: " + reference + ": " + why.message;
  return refusal(why);
}

api_answer invalid_body() {
  return refusal({400, "invalid JSON"});
}

api_answer invalid_signal(const std::string& signal) {
  return refusal({400, "Invalid signal: " + signal});
}

api_answer refusal(const api_error& error) {
  return json_answer(error.status, {{"message", error.message}});
}

api_answer version_answer() {
  return json_answer(200, {{"Platform", {{"Name", "spillway-sim"}}},
                           {"Components", ordered_json::array()},
                           {"Version", "20.10.24+sim"},
                           {"ApiVersion", api_version},
                           {"MinAPIVersion", oldest_api_version},
                           {"GitCommit", "sim"},
                           {"GoVersion", "none"},
                           {"Os", "linux"},
                           {"Arch", "amd64"},
                           {"KernelVersion", "sim"},
                           {"BuildTime", "2026-01-01T00:00:00.000000000+00:00"}});
}

}  // namespace spillway::sim
