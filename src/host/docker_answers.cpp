#include "host/docker_answers.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "host/docker_requests.hpp"
#include "protocol/timestamp.hpp"
#include "protocol/utf8.hpp"

namespace spillway::host {
namespace {

using nlohmann::json;

constexpr std::size_t max_message = 200;

/// Major and minor number of the API. This is the newest whose answers are known here.
using api_version = std::pair<unsigned, unsigned>;
constexpr api_version newest_known_api{1, 43};

json parse_answer(std::string_view body) {
  return json::parse(body, nullptr, /*allow_exceptions=*/false);
}

/// The member of an object if it is a string; null otherwise.
const std::string* string_member(const json& object, const char* key) {
  if (!object.is_object()) return nullptr;
  auto it = object.find(key);
  return it == object.end() ? nullptr : it->get_ptr<const std::string*>();
}

std::optional<unsigned> whole_number(std::string_view text) {
  unsigned value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<api_version> parse_api_version(const std::string* text) {
  if (text == nullptr) return std::nullopt;
  const std::size_t dot = text->find('.');
  if (dot == std::string::npos) return std::nullopt;
  auto major = whole_number(std::string_view{*text}.substr(0, dot));
  auto minor = whole_number(std::string_view{*text}.substr(dot + 1));
  if (!major || !minor) return std::nullopt;
  return api_version{*major, *minor};
}

/// `Up 5 minutes (healthy)`: a list carries health nowhere else.
std::string health_in_status(std::string_view status) {
  auto says = [&](std::string_view what) { return status.find(what) != std::string_view::npos; };
  if (says("(healthy)")) return "healthy";
  if (says("(unhealthy)")) return "unhealthy";
  if (says("(health: starting)")) return "starting";
  return {};
}

std::string short_text(std::string_view text) {
  std::string repaired = protocol::repaired_utf8(text.substr(0, max_message));
  // What the cut left of a character has become U+FFFD at the end.
  if (text.size() > max_message && repaired.ends_with(protocol::utf8_replacement)) {
    repaired.resize(repaired.size() - protocol::utf8_replacement.size());
  }
  return repaired;
}

/// Docker's words can name paths, addresses and ids of the host: those are for the operator alone.
bool tells_of_the_host(std::string_view words) {
  std::size_t hexadecimal = 0;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const auto c = static_cast<unsigned char>(words[i]);
    if (c == '/' || c == '\\' || c == '@') return true;
    if (c == '.' && i > 0 && i + 1 < words.size() && std::isdigit(words[i - 1]) != 0 &&
        std::isdigit(words[i + 1]) != 0) {
      return true;
    }
    hexadecimal = std::isxdigit(c) != 0 ? hexadecimal + 1 : 0;
    if (hexadecimal == 12) return true;
  }
  return false;
}

/// Nothing: no answer that can be understood. A container that is none of a service has no id.
std::optional<actors::container_info> parse_listed_container(const json& entry) {
  const std::string* id = string_member(entry, "Id");
  const std::string* state = string_member(entry, "State");
  if (id == nullptr || state == nullptr || !is_container_id(*id)) return std::nullopt;
  auto labels = entry.find("Labels");
  if (labels == entry.end() || labels->is_null()) return actors::container_info{};
  if (!labels->is_object()) return std::nullopt;
  const std::string* project = string_member(*labels, "com.docker.compose.project");
  const std::string* service = string_member(*labels, "com.docker.compose.service");
  const std::string* oneoff = string_member(*labels, "com.docker.compose.oneoff");
  if (project == nullptr || service == nullptr || (oneoff != nullptr && *oneoff == "True")) {
    return actors::container_info{};
  }
  actors::container_info info{*id, *project, *service, 1, *state, {}};
  if (const std::string* number = string_member(*labels, "com.docker.compose.container-number")) {
    info.replica = whole_number(*number).value_or(1);
  }
  if (const std::string* status = string_member(entry, "Status")) {
    info.health = health_in_status(*status);
  }
  return info;
}

}  // namespace

actors::engine_error engine_unavailable() {
  return {actors::engine_errc::unavailable, "docker engine unavailable"};
}

actors::engine_error bad_engine_answer() {
  return {actors::engine_errc::bad_answer, "the docker engine's answer could not be understood"};
}

actors::engine_error container_not_found() {
  return {actors::engine_errc::not_found, "container not found"};
}

actors::engine_error refused_request(unsigned status, std::string_view body) {
  // Of lists, inspections and logs, Docker refuses with a conflict only the log of a container that
  // is being removed, or that it could not remove: "dead or marked for removal".
  if (status == 404 || status == 409) return container_not_found();
  const json answer = parse_answer(body);
  const std::string* message = string_member(answer, "message");
  if (message == nullptr || message->empty()) {
    return {actors::engine_errc::refused, fmt::format("docker refused with status {}", status)};
  }
  if (!tells_of_the_host(*message)) {
    return {actors::engine_errc::refused, "docker refused: " + short_text(*message)};
  }
  spdlog::warn("[docker] refused a request with status {}: {}", status, short_text(*message));
  return {actors::engine_errc::refused,
          fmt::format("docker refused with status {}, see the process log", status)};
}

engine_result<std::string> parse_version_prefix(std::string_view body) {
  const json answer = parse_answer(body);
  auto newest = parse_api_version(string_member(answer, "ApiVersion"));
  if (!newest) return tl::unexpected{bad_engine_answer()};
  api_version chosen = std::min(*newest, newest_known_api);
  // Engines give up old versions in time; then the oldest they still speak is the closest.
  if (auto oldest = parse_api_version(string_member(answer, "MinAPIVersion"))) {
    chosen = std::max(chosen, *oldest);
  }
  return fmt::format("/v{}.{}", chosen.first, chosen.second);
}

engine_result<std::vector<actors::container_info>> parse_container_list(std::string_view body) {
  const json answer = parse_answer(body);
  if (!answer.is_array()) return tl::unexpected{bad_engine_answer()};
  std::vector<actors::container_info> containers;
  for (const json& entry : answer) {
    auto container = parse_listed_container(entry);
    if (!container) return tl::unexpected{bad_engine_answer()};
    if (!container->id.empty()) containers.push_back(std::move(*container));
  }
  return containers;
}

engine_result<container_details> parse_container_details(std::string_view body) {
  const json answer = parse_answer(body);
  auto flag = [](const json& object, const char* key) -> const bool* {
    auto it = object.find(key);
    return it == object.end() ? nullptr : it->get_ptr<const bool*>();
  };
  if (!answer.is_object()) return tl::unexpected{bad_engine_answer()};
  auto config = answer.find("Config");
  auto state = answer.find("State");
  if (config == answer.end() || state == answer.end() || !config->is_object() ||
      !state->is_object()) {
    return tl::unexpected{bad_engine_answer()};
  }
  const bool* tty = flag(*config, "Tty");
  const bool* running = flag(*state, "Running");
  const std::string* started_at = string_member(*state, "StartedAt");
  if (tty == nullptr || running == nullptr || started_at == nullptr) {
    return tl::unexpected{bad_engine_answer()};
  }
  // A container that waits to be restarted counts as running for Docker, but its log has ended.
  const bool* restarting = flag(*state, "Restarting");
  const bool runs = *running && !(restarting != nullptr && *restarting);
  const std::string* finished_at = string_member(*state, "FinishedAt");
  return container_details{
      *tty, runs, *started_at,
      finished_at == nullptr ? std::nullopt : protocol::parse_rfc3339(*finished_at)};
}

std::optional<actors::ended_run> ended_run_of(const std::string& started_at,
                                              const container_details& now) {
  const auto started = protocol::parse_rfc3339(started_at);
  if (!started || !now.finished_at) return std::nullopt;
  return actors::ended_run{*started, *now.finished_at};
}

std::optional<protocol::timestamp> next_run_after(const actors::ended_run& over,
                                                  const container_details& now) {
  const auto started = protocol::parse_rfc3339(now.started_at);
  if (!started || *started == over.started_at || *started <= over.exited_at) return std::nullopt;
  // It has ended again meanwhile: when the run in between began is not known.
  if (now.finished_at && *now.finished_at > over.exited_at) return over.exited_at;
  return over.exited_at + (*started - over.exited_at) / 2;
}

}  // namespace spillway::host
