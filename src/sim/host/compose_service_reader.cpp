#include "sim/host/compose_service_reader.hpp"

#include <fmt/format.h>

#include <chrono>
#include <optional>
#include <set>
#include <string_view>

#include "protocol/duration.hpp"
#include "sim/host/image_store.hpp"
#include "sim/host/printing_model.hpp"
#include "sim/seed.hpp"

namespace spillway::sim {

namespace {

using nlohmann::ordered_json;
using refused = tl::unexpected<std::string>;
using problem = std::optional<std::string>;

/// docker-compose 1.29's schema knows these.
const std::set<std::string_view> service_keys{"blkio_config",
                                              "build",
                                              "cap_add",
                                              "cap_drop",
                                              "cgroup_parent",
                                              "command",
                                              "configs",
                                              "container_name",
                                              "cpu_count",
                                              "cpu_percent",
                                              "cpu_period",
                                              "cpu_quota",
                                              "cpu_shares",
                                              "cpus",
                                              "cpuset",
                                              "credential_spec",
                                              "depends_on",
                                              "deploy",
                                              "device_cgroup_rules",
                                              "devices",
                                              "dns",
                                              "dns_opt",
                                              "dns_search",
                                              "domainname",
                                              "entrypoint",
                                              "env_file",
                                              "environment",
                                              "expose",
                                              "extends",
                                              "external_links",
                                              "extra_hosts",
                                              "group_add",
                                              "healthcheck",
                                              "hostname",
                                              "image",
                                              "init",
                                              "ipc",
                                              "isolation",
                                              "labels",
                                              "links",
                                              "logging",
                                              "mac_address",
                                              "mem_limit",
                                              "mem_reservation",
                                              "mem_swappiness",
                                              "memswap_limit",
                                              "network_mode",
                                              "networks",
                                              "oom_kill_disable",
                                              "oom_score_adj",
                                              "pid",
                                              "pids_limit",
                                              "platform",
                                              "ports",
                                              "privileged",
                                              "profiles",
                                              "read_only",
                                              "restart",
                                              "runtime",
                                              "scale",
                                              "secrets",
                                              "security_opt",
                                              "shm_size",
                                              "stdin_open",
                                              "stop_grace_period",
                                              "stop_signal",
                                              "storage_opt",
                                              "sysctls",
                                              "tmpfs",
                                              "tty",
                                              "ulimits",
                                              "user",
                                              "userns_mode",
                                              "volumes",
                                              "volumes_from",
                                              "working_dir"};

std::string scalar_text(const ordered_json& value) {
  if (value.is_string()) return value.get<std::string>();
  return value.is_null() ? std::string() : value.dump();
}

ordered_json words_of(const ordered_json& value) {
  if (value.is_string()) return shell_words(value.get<std::string>());
  auto words = ordered_json::array();
  for (const auto& each : value.is_array() ? value : ordered_json::array()) {
    words.push_back(scalar_text(each));
  }
  return words;
}

ordered_json environment_of(const ordered_json& value, const variables& values) {
  auto list = ordered_json::array();
  if (value.is_object()) {
    for (const auto& [name, text] : value.items()) {
      if (!text.is_null()) {
        list.push_back(name + "=" + scalar_text(text));
      } else if (const auto found = values.find(name); found != values.end()) {
        list.push_back(name + "=" + found->second);
      }
    }
  }
  for (const auto& each : value.is_array() ? value : ordered_json::array()) {
    list.push_back(scalar_text(each));
  }
  return list;
}

std::optional<std::chrono::nanoseconds> duration_of(const ordered_json& value) {
  return protocol::parse_duration(scalar_text(value));
}

ordered_json health_of(const ordered_json& check) {
  ordered_json health;
  const auto& test = check.value("test", ordered_json());
  health["Test"] = test.is_string() ? ordered_json::array({"CMD-SHELL", test}) : words_of(test);
  const auto interval = check.contains("interval") ? duration_of(check["interval"]) : std::nullopt;
  if (interval) health["Interval"] = interval->count();
  if (check.contains("retries") && check["retries"].is_number())
    health["Retries"] = check["retries"];
  return health;
}

/// `8080:80`, `127.0.0.1:8080:80/udp`, or `{published, target}`.
ordered_json ports_of(const ordered_json& ports) {
  auto bindings = ordered_json::object();
  for (const auto& each : ports.is_array() ? ports : ordered_json::array()) {
    std::string inside;
    std::string outside;
    if (each.is_object()) {
      inside = scalar_text(each.value("target", ordered_json()));
      outside = scalar_text(each.value("published", ordered_json()));
    } else {
      const std::string text = scalar_text(each);
      const auto last = text.rfind(':');
      inside = last == std::string::npos ? text : text.substr(last + 1);
      if (last != std::string::npos) outside = text.substr(0, last);
      outside = outside.substr(outside.rfind(':') + 1);
    }
    if (inside.find('/') == std::string::npos) inside += "/tcp";
    bindings[inside].push_back({{"HostPort", outside}});
  }
  return bindings;
}

/// Context: one call of read_service().
class service_reader {
 public:
  service_reader(const std::string& name, const ordered_json& given, const variables& values)
      : given_(given), values_(values) {
    made_.name = name;
  }

  tl::expected<compose_service, std::string> read() {
    if (!given_.is_object()) {
      return refused(fmt::format("services.{} must be a mapping", made_.name));
    }
    for (const auto& [key, value] : given_.items()) {
      if (!service_keys.contains(key) && !key.starts_with("x-")) {
        return refused(
            fmt::format("Unsupported config option for services.{}: '{}'", made_.name, key));
      }
    }
    for (const char* key : {"image", "network_mode", "stop_signal", "hostname", "working_dir"}) {
      if (given_.contains(key) && !given_[key].is_string()) {
        return refused(fmt::format("services.{}.{} contains an invalid type, it should be a string",
                                   made_.name, key));
      }
    }
    read_image();
    if (made_.image.empty() && made_.build_context.empty()) {
      return refused(fmt::format(
          "Service {} has neither an image nor a build context specified. At least one must be "
          "provided.",
          made_.name));
    }
    read_container();
    auto modelled = read_model();
    if (modelled) return refused(*modelled);
    read_order();
    draws from(seed_of(0, made_.container.dump() + made_.image + made_.build_context));
    made_.hash = hexadecimal_id(from);
    return made_;
  }

 private:
  std::string text(const char* key) const {
    return given_.contains(key) ? scalar_text(given_[key]) : std::string();
  }

  void read_image() {
    made_.image = text("image");
    if (!given_.contains("build")) return;
    const auto& build = given_["build"];
    made_.build_context = build.is_object() ? scalar_text(build.value("context", ordered_json(".")))
                                            : scalar_text(build);
    if (build.is_object() && build.contains("dockerfile")) {
      made_.dockerfile = scalar_text(build["dockerfile"]);
    }
  }

  void read_container() {
    ordered_json& body = made_.container;
    body = ordered_json::object();
    if (given_.contains("entrypoint")) body["Entrypoint"] = words_of(given_["entrypoint"]);
    if (given_.contains("command")) body["Cmd"] = words_of(given_["command"]);
    if (given_.contains("environment")) {
      body["Env"] = environment_of(given_["environment"], values_);
    }
    if (given_.contains("tty") && given_["tty"].is_boolean()) body["Tty"] = given_["tty"];
    if (given_.contains("hostname")) body["Hostname"] = text("hostname");
    if (given_.contains("working_dir")) body["WorkingDir"] = text("working_dir");
    if (given_.contains("stop_signal")) body["StopSignal"] = text("stop_signal");
    if (given_.contains("stop_grace_period")) {
      const auto grace = duration_of(given_["stop_grace_period"]);
      if (grace) body["StopTimeout"] = std::chrono::ceil<std::chrono::seconds>(*grace).count();
    }
    if (given_.contains("healthcheck") && given_["healthcheck"].is_object()) {
      body["Healthcheck"] = health_of(given_["healthcheck"]);
    }
    made_.network_mode = text("network_mode");
    body["HostConfig"] = ordered_json::object();
    if (!made_.network_mode.empty()) body["HostConfig"]["NetworkMode"] = made_.network_mode;
    if (given_.contains("ports")) body["HostConfig"]["PortBindings"] = ports_of(given_["ports"]);
    if (given_.contains("restart")) body["HostConfig"]["RestartPolicy"]["Name"] = text("restart");
  }

  /// A service without a command of its own has an image that cannot be run here.
  problem read_model() {
    const bool runs = made_.container.contains("Cmd") || made_.container.contains("Entrypoint") ||
                      !made_.build_context.empty();
    if (!given_.contains("x-sim") && runs) return std::nullopt;
    const auto given = nlohmann::json(given_.value("x-sim", ordered_json::object()));
    const auto model = parse_printing_model(given, {});
    if (!model) return fmt::format("services.{}.{}", made_.name, model.error());
    made_.container["Sim"] = given;
    if (given.contains("tty")) made_.container["Tty"] = given["tty"];
    made_.container["Sim"].erase("tty");
    return std::nullopt;
  }

  void read_order() {
    const auto& after = given_.value("depends_on", ordered_json());
    if (after.is_object()) {
      for (const auto& [name, how] : after.items()) made_.depends_on.push_back(name);
    }
    for (const auto& each : after.is_array() ? after : ordered_json::array()) {
      made_.depends_on.push_back(scalar_text(each));
    }
    const auto& deploy = given_.value("deploy", ordered_json());
    const auto count = [this](const ordered_json& value) {
      if (value.is_number_unsigned()) made_.replicas = value.get<unsigned>();
    };
    if (deploy.is_object()) count(deploy.value("replicas", ordered_json()));
    count(given_.value("scale", ordered_json()));
  }

  const ordered_json& given_;
  const variables& values_;
  compose_service made_;
};

}  // namespace

tl::expected<compose_service, std::string> read_service(const std::string& name,
                                                        const ordered_json& given,
                                                        const variables& values) {
  return service_reader(name, given, values).read();
}

}  // namespace spillway::sim
