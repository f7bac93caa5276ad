#include "sim/host/container_json.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace spillway::sim {

namespace {

using nlohmann::ordered_json;

/// As Docker's units.HumanDuration rounds.
std::string human_duration(std::chrono::nanoseconds duration) {
  const double seconds = std::chrono::duration<double>(duration).count();
  const auto whole = [](double value) { return static_cast<long>(value); };
  if (seconds < 1) return "Less than a second";
  if (whole(seconds) == 1) return "1 second";
  if (seconds < 60) return fmt::format("{} seconds", whole(seconds));
  const long minutes = whole(seconds / 60);
  if (minutes == 1) return "About a minute";
  if (minutes < 60) return fmt::format("{} minutes", minutes);
  const long hours = whole(seconds / 3600 + 0.5);
  if (hours == 1) return "About an hour";
  if (hours < 48) return fmt::format("{} hours", hours);
  if (hours < 24 * 7 * 2) return fmt::format("{} days", hours / 24);
  if (hours < 24 * 30 * 2) return fmt::format("{} weeks", hours / 24 / 7);
  if (hours < 24 * 365 * 2) return fmt::format("{} months", hours / 24 / 30);
  return fmt::format("{} years", hours / 24 / 365);
}

/// Docker shows a command with the words quoted that need it.
std::string command_text(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) {
    if (!text.empty()) text += ' ';
    const bool plain =
        !word.empty() && word.find_first_of(" \t\n;&|<>()$`\\\"'*?[]#~=%") == std::string::npos;
    text += plain || (words.size() > 1 && &word == &words.front()) ? word : "'" + word + "'";
  }
  return text;
}

constexpr std::string_view no_network_id =
    "4ffbdfb04d4303a2df492bedc0eb2646ec26505bdce834337df512dfc1f98b97";

std::string network_of(const container_view& of) {
  const std::string& mode = of.config().network_mode;
  return mode == "default" ? "bridge" : mode;
}

ordered_json networks(const container_view& of, bool running) {
  const ordered_json endpoint{{"IPAMConfig", nullptr},
                              {"Links", nullptr},
                              {"Aliases", nullptr},
                              {"NetworkID", no_network_id},
                              {"EndpointID", running ? of.id() : ""},
                              {"Gateway", ""},
                              {"IPAddress", ""},
                              {"IPPrefixLen", 0},
                              {"IPv6Gateway", ""},
                              {"GlobalIPv6Address", ""},
                              {"GlobalIPv6PrefixLen", 0},
                              {"MacAddress", ""},
                              {"DriverOpts", nullptr}};
  ordered_json all = ordered_json::object();
  all[network_of(of)] = endpoint;
  return all;
}

ordered_json labels_of(const container_view& of) {
  ordered_json labels = ordered_json::object();
  for (const auto& [name, value] : of.config().labels) labels[name] = value;
  return labels;
}

ordered_json words_or_null(const std::vector<std::string>& words) {
  return words.empty() ? ordered_json(nullptr) : ordered_json(words);
}

ordered_json state_json(const container_state& state) {
  const bool running = state.phase == container_phase::running;
  ordered_json made{{"Status", phase_text(state.phase)},
                    {"Running", running},
                    {"Paused", false},
                    {"Restarting", false},
                    {"OOMKilled", false},
                    {"Dead", false},
                    {"Pid", state.pid},
                    {"ExitCode", state.exit_code},
                    {"Error", state.error},
                    {"StartedAt", go_time(state.started_at)},
                    {"FinishedAt", go_time(state.finished_at)}};
  if (!state.health.empty()) {
    made["Health"] = {
        {"Status", state.health}, {"FailingStreak", 0}, {"Log", ordered_json::array()}};
  }
  return made;
}

ordered_json config_json(const container_view& of) {
  const container_config& config = of.config();
  std::vector<std::string> environment = config.environment;
  const auto has_path = [](const std::string& each) { return each.starts_with("PATH="); };
  if (std::none_of(environment.begin(), environment.end(), has_path)) {
    environment.emplace_back("PATH=/bin");
  }
  ordered_json made{
      {"Hostname", config.host_name.empty() ? of.id().substr(0, 12) : config.host_name},
      {"Domainname", ""},
      {"User", ""},
      {"AttachStdin", false},
      {"AttachStdout", false},
      {"AttachStderr", false},
      {"Tty", config.tty},
      {"OpenStdin", false},
      {"StdinOnce", false},
      {"Env", environment},
      {"Cmd", words_or_null(config.command)}};
  if (config.health) {
    made["Healthcheck"] = {{"Test", config.health->test},
                           {"Interval", config.health->interval.count()}};
  }
  made.update({{"Image", config.image},
               {"Volumes", nullptr},
               {"WorkingDir", config.working_directory},
               {"Entrypoint", words_or_null(config.entrypoint)},
               {"OnBuild", nullptr},
               {"Labels", labels_of(of)}});
  if (config.stop_signal_given) made["StopSignal"] = config.stop_signal;
  return made;
}

}  // namespace

std::string_view phase_text(container_phase phase) {
  switch (phase) {
    case container_phase::created:
      return "created";
    case container_phase::running:
      return "running";
    case container_phase::removing:
      return "removing";
    case container_phase::exited:
      break;
  }
  return "exited";
}

std::string go_time(std::optional<protocol::timestamp> at) {
  if (!at) return "0001-01-01T00:00:00Z";
  std::string text = protocol::format_rfc3339_nano(*at);
  text.pop_back();
  text.resize(text.find_last_not_of('0') + 1);
  if (text.ends_with('.')) text.pop_back();
  return text + "Z";
}

std::string status_text(const container_state& state, protocol::timestamp now) {
  switch (state.phase) {
    case container_phase::created:
      return "Created";
    case container_phase::running: {
      std::string text = "Up " + human_duration(now - state.started_at.value_or(now));
      if (state.health == "starting") text += " (health: starting)";
      if (state.health == "healthy" || state.health == "unhealthy")
        text += " (" + state.health + ")";
      return text;
    }
    case container_phase::removing:
      return "Removal In Progress";
    case container_phase::exited:
      break;
  }
  return fmt::format("Exited ({}) {} ago", state.exit_code,
                     human_duration(now - state.finished_at.value_or(now)));
}

ordered_json listed_container(const container_view& of, protocol::timestamp now) {
  const container_state state = of.state();
  const auto created = std::chrono::floor<std::chrono::seconds>(of.created_at());
  return {
      {"Id", of.id()},
      {"Names", ordered_json::array({"/" + of.name()})},
      {"Image", of.config().image},
      {"ImageID", of.image_id()},
      {"Command", command_text(of.config().words())},
      {"Created", created.time_since_epoch().count()},
      {"Ports", ordered_json::array()},
      {"Labels", labels_of(of)},
      {"State", phase_text(state.phase)},
      {"Status", status_text(state, now)},
      {"HostConfig", {{"NetworkMode", of.config().network_mode}}},
      {"NetworkSettings", {{"Networks", networks(of, state.phase == container_phase::running)}}},
      {"Mounts", ordered_json::array()}};
}

ordered_json inspected_container(const container_view& of, const std::string& directory) {
  const container_state state = of.state();
  const std::vector<std::string> words = of.config().words();
  const std::string folder = directory + "/containers/" + of.id() + "/";
  return {{"Id", of.id()},
          {"Created", go_time(of.created_at())},
          {"Path", words.empty() ? "" : words.front()},
          {"Args", words.size() < 2 ? std::vector<std::string>()
                                    : std::vector<std::string>(words.begin() + 1, words.end())},
          {"State", state_json(state)},
          {"Image", of.image_id()},
          {"ResolvConfPath", folder + "resolv.conf"},
          {"HostnamePath", folder + "hostname"},
          {"HostsPath", folder + "hosts"},
          {"LogPath", folder + of.id() + "-json.log"},
          {"Name", "/" + of.name()},
          {"RestartCount", 0},
          {"Driver", "overlay2"},
          {"Platform", "linux"},
          {"MountLabel", ""},
          {"ProcessLabel", ""},
          {"AppArmorProfile", ""},
          {"ExecIDs", nullptr},
          {"HostConfig",
           {{"Binds", nullptr},
            {"LogConfig", {{"Type", "json-file"}, {"Config", ordered_json::object()}}},
            {"NetworkMode", of.config().network_mode},
            {"PortBindings", ordered_json::object()},
            {"RestartPolicy", {{"Name", of.config().restart_policy}, {"MaximumRetryCount", 0}}},
            {"AutoRemove", false}}},
          {"Mounts", ordered_json::array()},
          {"Config", config_json(of)},
          {"NetworkSettings",
           {{"Bridge", ""},
            {"Ports", ordered_json::object()},
            {"Networks", networks(of, state.phase == container_phase::running)}}}};
}

ordered_json container_event(const container_view& of, std::string_view action,
                             protocol::timestamp at,
                             const std::vector<std::pair<std::string, std::string>>& more) {
  // Sorted, as Go writes a map.
  std::map<std::string, std::string> attributes(of.config().labels.begin(),
                                                of.config().labels.end());
  attributes["image"] = of.config().image;
  attributes["name"] = of.name();
  for (const auto& [name, value] : more) attributes[name] = value;
  const auto nanoseconds = at.time_since_epoch().count();
  return {{"status", action},
          {"id", of.id()},
          {"from", of.config().image},
          {"Type", "container"},
          {"Action", action},
          {"Actor", {{"ID", of.id()}, {"Attributes", ordered_json(attributes)}}},
          {"scope", "local"},
          {"time", nanoseconds / 1'000'000'000},
          {"timeNano", nanoseconds}};
}

}  // namespace spillway::sim
