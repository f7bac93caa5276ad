// What the tests of the terminal client share.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "system/fixture.hpp"
#include "system/pty_process.hpp"
#include "system/viewer_proxy.hpp"

namespace spillway::system_test {

/// The client with these arguments, as the admin of a server that is at `where`.
inline command client_command(const server& of, const address& where,
                              std::vector<std::string> arguments,
                              std::map<std::string, std::string> environment = {}) {
  arguments.insert(arguments.begin(), spillway_binary());
  environment.try_emplace("SPILLWAY_URL", "http://" + where.authority());
  environment.try_emplace("SPILLWAY_TOKEN", of.token());
  return {std::move(arguments), std::move(environment), ""};
}

inline command client_command(const server& of, std::vector<std::string> arguments) {
  return client_command(of, of.where(), std::move(arguments));
}

/// A server whose deploys run scripts of the test.
class client_of_deploys {
 public:
  explicit client_of_deploys(setting_values settings = {}) : server_(with_stand_in(settings)) {
    compose_ = directory_.write("compose.yml", web_app("true")).string();
  }

  server& spillway() { return server_; }
  const std::string& compose() const { return compose_; }
  std::filesystem::path gate_path(const std::string& name) const {
    return stand_in_.gate_path(name);
  }

  /// What runs instead of compose when `app` is deployed.
  void script(const std::string& app, const std::string& text) const {
    stand_in_.script(server_.project(app), "[ $step = up ] || exit 0\n" + text);
  }
  command deploy(const std::string& app, std::vector<std::string> more = {}) const {
    return deploy_at(server_.where(), app, std::move(more));
  }
  command deploy_at(const address& where, const std::string& app,
                    std::vector<std::string> more = {}) const {
    more.insert(more.begin(), {"deploy", app, "-f", compose_});
    return client_command(server_, where, std::move(more));
  }
  /// How the newest deploy of an app ended, by the server's records.
  std::string recorded_status(const std::string& app) const {
    const auto events = server_.admin().get("/api/apps/" + app + "/events").json();
    return events.is_array() && !events.empty() ? events[0].value("status", "") : "";
  }

 private:
  setting_values with_stand_in(setting_values settings) const {
    settings["docker.compose_command"] = stand_in_.setting();
    return settings;
  }

  compose_stand_in stand_in_;
  temp_dir directory_;
  server server_;
  std::string compose_;
};

/// How often `text` stands in `all`.
inline std::size_t times_in(const std::string& all, const std::string& text) {
  std::size_t count = 0;
  for (auto at = all.find(text); at != std::string::npos; at = all.find(text, at + text.size()))
    ++count;
  return count;
}

/// The child's standard error, waited for.
inline bool wait_for_error(const child_process& of, const std::string& text) {
  return eventually([&] { return of.standard_error().find(text) != std::string::npos; });
}

}  // namespace spillway::system_test
