#include "sim/host/container_config.hpp"

#include <signal.h>
#include <string.h>

#include <algorithm>
#include <charconv>

namespace spillway::sim {

namespace {

using nlohmann::json;

std::vector<std::string> strings_of(const json& object, const char* key) {
  std::vector<std::string> words;
  const auto found = object.find(key);
  if (found == object.end()) return words;
  if (found->is_string()) words.push_back(found->get<std::string>());
  if (!found->is_array()) return words;
  for (const json& each : *found) {
    if (each.is_string()) words.push_back(each.get<std::string>());
  }
  return words;
}

std::string string_of(const json& object, const char* key, std::string otherwise = {}) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : otherwise;
}

std::optional<health_check> health_of(const json& body) {
  const auto found = body.find("Healthcheck");
  if (found == body.end() || !found->is_object()) return std::nullopt;
  health_check check;
  check.test = strings_of(*found, "Test");
  if (check.test.size() < 2 || check.test.front() == "NONE") return std::nullopt;
  if (const auto interval = found->find("Interval");
      interval != found->end() && interval->is_number_integer() && *interval > 0) {
    check.interval = std::chrono::nanoseconds(interval->get<std::int64_t>());
  }
  if (const auto retries = found->find("Retries");
      retries != found->end() && retries->is_number_integer() && *retries > 0) {
    check.retries = retries->get<int>();
  }
  return check;
}

/// `{"80/tcp": [{"HostPort": "8080"}]}`
std::vector<std::string> ports_of(const json& bindings) {
  std::vector<std::string> ports;
  if (!bindings.is_object()) return ports;
  for (const auto& [inside, outside] : bindings.items()) {
    for (const json& each : outside.is_array() ? outside : json::array()) {
      const std::string port = each.is_object() ? string_of(each, "HostPort") : std::string();
      const auto slash = inside.find('/');
      if (!port.empty() && port != "0")
        ports.push_back(port + (slash == std::string::npos ? "/tcp" : inside.substr(slash)));
    }
  }
  return ports;
}

}  // namespace

std::vector<std::string> container_config::words() const {
  std::vector<std::string> all = entrypoint;
  all.insert(all.end(), command.begin(), command.end());
  return all;
}

api_result<container_config> parse_container_config(const std::string& body) {
  const json given = json::parse(body, nullptr, /*allow_exceptions=*/false);
  if (!given.is_object()) {
    return tl::unexpected(api_error{400, "invalid JSON: got EOF while reading request body"});
  }
  container_config config;
  config.image = string_of(given, "Image");
  config.entrypoint = strings_of(given, "Entrypoint");
  config.command = strings_of(given, "Cmd");
  config.environment = strings_of(given, "Env");
  config.working_directory = string_of(given, "WorkingDir");
  config.host_name = string_of(given, "Hostname");
  if (const auto labels = given.find("Labels"); labels != given.end() && labels->is_object()) {
    for (const auto& [name, value] : labels->items()) {
      if (value.is_string()) config.labels.emplace(name, value.get<std::string>());
    }
  }
  if (const auto tty = given.find("Tty"); tty != given.end() && tty->is_boolean()) {
    config.tty = tty->get<bool>();
  }
  config.stop_signal = string_of(given, "StopSignal");
  config.stop_signal_given = !config.stop_signal.empty();
  if (!config.stop_signal_given) config.stop_signal = "SIGTERM";
  if (!signal_number(config.stop_signal)) {
    return tl::unexpected(api_error{400, "Invalid signal: " + config.stop_signal});
  }
  if (const auto time = given.find("StopTimeout");
      time != given.end() && time->is_number_integer()) {
    config.stop_timeout = std::chrono::seconds(std::clamp<std::int64_t>(*time, 0, 86'400));
  }
  if (const auto host = given.find("HostConfig"); host != given.end() && host->is_object()) {
    config.network_mode = string_of(*host, "NetworkMode", "default");
    config.published_ports = ports_of(host->value("PortBindings", json::object()));
    if (const auto restart = host->find("RestartPolicy");
        restart != host->end() && restart->is_object()) {
      config.restart_policy = string_of(*restart, "Name", "no");
      if (config.restart_policy.empty()) config.restart_policy = "no";
    }
  }
  config.health = health_of(given);
  if (const auto sim = given.find("Sim"); sim != given.end()) {
    auto model = parse_printing_model(*sim, {});
    if (!model) return tl::unexpected(api_error{400, model.error()});
    config.model = *model;
  }
  return config;
}

std::optional<int> signal_number(std::string_view text) {
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc() && end == text.data() + text.size()) {
    if (number > 0 && number < NSIG) return number;
    return std::nullopt;
  }
  if (text.starts_with("SIG")) text.remove_prefix(3);
  for (int each = 1; each < NSIG; ++each) {
    const char* const name = ::sigabbrev_np(each);
    if (name != nullptr && text == name) return each;
  }
  return std::nullopt;
}

}  // namespace spillway::sim
