#include "sim/host/compose_project.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <numeric>
#include <utility>

#include "sim/host/image_store.hpp"
#include "sim/seed.hpp"

namespace spillway::sim {

namespace {

using nlohmann::json;

std::string label(const json& container, const std::string& name) {
  return container["Labels"].value("com.docker.compose." + name, "");
}

/// Without the quotes that the Engine puts around words.
std::string short_command(std::string command) {
  constexpr std::size_t most = 26;
  std::erase(command, '\'');
  return command.size() <= most + 4 ? command : command.substr(0, most) + " ...";
}

}  // namespace

std::string container_name(const compose_place& place, const compose_service& service,
                           unsigned number) {
  return fmt::format("{}_{}_{}", place.project, service.name, number);
}

nlohmann::ordered_json container_body(const compose_place& place, const compose_service& service,
                                      unsigned number) {
  nlohmann::ordered_json body = service.container;
  body["Image"] = image_of(place, service);
  body["Labels"] = {{"com.docker.compose.config-hash", service.hash},
                    {"com.docker.compose.container-number", std::to_string(number)},
                    {"com.docker.compose.oneoff", "False"},
                    {"com.docker.compose.project", place.project},
                    {"com.docker.compose.project.config_files", place.file},
                    {"com.docker.compose.project.working_dir", place.folder},
                    {"com.docker.compose.service", service.name},
                    {"com.docker.compose.version", "1.29.2"}};
  if (!body["HostConfig"].contains("NetworkMode")) {
    body["HostConfig"]["NetworkMode"] = place.project + "_default";
  }
  return body;
}

std::string compose_project::state_text(const container& of) {
  if (of.state == "running") return "Up";
  const auto code = of.status.find('(');
  if (code == std::string::npos) return "Created";
  return "Exit " + of.status.substr(code + 1, of.status.find(')') - code - 1);
}

std::vector<compose_project::container> compose_project::containers() const {
  const json filters{{"label", {"com.docker.compose.project=" + place_.project}}};
  const auto answer = engine_.get(
      fmt::format("{}/containers/json?all=1&filters={}", compose_api, url_encoded(filters.dump())));
  if (!answer.good()) throw engine_unreachable(answer.message());
  std::vector<container> found;
  for (const json& each : answer.body) {
    if (label(each, "oneoff") == "True") continue;
    container one;
    one.id = each.value("Id", "");
    one.name = each["Names"].at(0).get<std::string>().substr(1);
    one.service = label(each, "service");
    one.number =
        static_cast<unsigned>(std::strtoul(label(each, "container-number").c_str(), nullptr, 10));
    one.hash = label(each, "config-hash");
    one.state = each.value("State", "");
    one.status = each.value("Status", "");
    one.command = each.value("Command", "");
    found.push_back(std::move(one));
  }
  std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) {
    return std::pair(a.service, a.number) < std::pair(b.service, b.number);
  });
  return found;
}

std::vector<compose_project::container> compose_project::containers_of(
    const std::set<std::string>& services) const {
  auto found = containers();
  std::erase_if(found, [&](const container& each) {
    const bool known = std::any_of(file_.services.begin(), file_.services.end(),
                                   [&](const auto& one) { return one.name == each.service; });
    return !known || !is_meant(each.service, services);
  });
  return found;
}

std::vector<compose_project::container> compose_project::orphans() const {
  auto found = containers();
  std::erase_if(found, [&](const container& each) {
    return std::any_of(file_.services.begin(), file_.services.end(),
                       [&](const auto& one) { return one.name == each.service; });
  });
  return found;
}

// --- up
// -------------------------------------------------------------------------------------------

void compose_project::provide_network() {
  if (!file_.needs_network()) return;
  const std::string name = place_.project + "_default";
  const json body{{"Name", name}, {"CheckDuplicate", true}, {"Driver", nullptr}};
  if (engine_.post(fmt::format("{}/networks/create", compose_api), body.dump()).status == 201) {
    printer_.say("Creating network \"" + name + "\" with the default driver");
  }
}

bool compose_project::remove_orphans() {
  for (const container& each : orphans()) {
    printer_.say("Removing orphan container \"" + each.name + "\"");
    if (const auto wrong = stop_and_remove(each)) {
      printer_.say(*wrong);
      return false;
    }
  }
  return true;
}

/// Names stand in a column, over all services.
std::size_t compose_project::widest_name(const up_options& options,
                                         const std::set<std::string>& services) const {
  std::size_t widest = 0;
  for (const compose_service& service : file_.services) {
    if (!is_meant(service.name, services)) continue;
    const auto scale = options.scales.find(service.name);
    const unsigned last =
        scale != options.scales.end() ? scale->second : service.replicas.value_or(1);
    widest = std::max(widest, container_name(place_, service, std::max(last, 1U)).size());
  }
  return widest;
}

int compose_project::up(const up_options& options, const std::set<std::string>& services) {
  if (options.remove_orphans) {
    if (!remove_orphans()) return 1;
  } else if (const auto left = orphans(); !left.empty()) {
    std::string names;
    for (const container& each : left) names += (names.empty() ? "" : ", ") + each.name;
    printer_.say("Found orphan containers (" + names +
                 ") for this project. If you removed or renamed this service in your compose "
                 "file, you can run this command with the --remove-orphans flag to clean it up.");
  }
  printer_.set_width(widest_name(options, services));
  provide_network();
  if (!compose_images(place_, file_, engine_, printer_).provide(services, options.build)) return 1;
  for (const compose_service& service : file_.services) {
    if (is_meant(service.name, services) && !update_service(service, options)) {
      printer_.say("Encountered errors while bringing up the project.");
      return 1;
    }
  }
  return 0;
}

bool compose_project::update_service(const compose_service& service, const up_options& options) {
  auto existing = containers_of({service.name});
  const auto scale = options.scales.find(service.name);
  const unsigned wanted =
      scale != options.scales.end() ? scale->second : service.replicas.value_or(1);
  if (!reduce(existing, wanted)) return false;
  if (!revive(service, existing, options)) return false;
  std::set<unsigned> taken;
  for (const container& each : existing) taken.insert(each.number);
  const auto there = static_cast<unsigned>(existing.size());
  return add(service, std::move(taken), wanted > there ? wanted - there : 0, options);
}

bool compose_project::reduce(std::vector<container>& existing, unsigned wanted) {
  std::vector<compose_printer::task> tasks;
  while (existing.size() > wanted) {
    const container surplus = existing.back();
    existing.pop_back();
    tasks.push_back({surplus.name, [this, surplus] { return stop_and_remove(surplus); }});
  }
  return tasks.empty() || printer_.run_all("Stopping and removing", tasks);
}

bool compose_project::revive(const compose_service& service, const std::vector<container>& existing,
                             const up_options& options) {
  std::vector<compose_printer::task> recreated;
  std::vector<compose_printer::task> started;
  for (const container& each : existing) {
    const bool changed = each.hash != service.hash || options.force_recreate;
    if (changed && !options.no_recreate) {
      recreated.push_back({each.name, [this, &service, each]() -> failure {
                             if (auto wrong = stop_and_remove(each)) return wrong;
                             return create(service, each.number, true);
                           }});
    } else if (each.state != "running") {
      started.push_back({each.name, [this, each] {
                           return problem_in(engine_.post(
                               fmt::format("{}/containers/{}/start", compose_api, each.id)));
                         }});
    } else if (!options.no_recreate) {
      printer_.say(each.name + " is up-to-date");
    }
  }
  const bool good = recreated.empty() || printer_.run_all("Recreating", recreated);
  return good && (started.empty() || printer_.run_all("Starting", started));
}

bool compose_project::add(const compose_service& service, std::set<unsigned> taken,
                          unsigned missing, const up_options& options) {
  std::vector<compose_printer::task> tasks;
  for (unsigned number = 1; missing > 0; ++number) {
    if (!taken.insert(number).second) continue;
    --missing;
    tasks.push_back({container_name(place_, service, number),
                     [this, &service, number, start = !options.no_start] {
                       return create(service, number, start);
                     }});
  }
  return tasks.empty() || printer_.run_all("Creating", tasks);
}

compose_project::failure compose_project::create(const compose_service& service, unsigned number,
                                                 bool start) const {
  const auto body = container_body(place_, service, number);
  const std::string name = container_name(place_, service, number);
  const auto made = engine_.post(
      fmt::format("{}/containers/create?name={}", compose_api, url_encoded(name)), body.dump());
  if (!made.good()) {
    return "Cannot create container for service " + service.name + ": " + made.message();
  }
  if (!start) return std::nullopt;
  const auto started =
      engine_.post(fmt::format("{}/containers/{}/start", compose_api, made.body.value("Id", "")));
  if (started.good()) return std::nullopt;
  return "Cannot start service " + service.name + ": " + started.message();
}

compose_project::failure compose_project::stop_and_remove(const container& which) const {
  if (auto wrong =
          problem_in(engine_.post(fmt::format("{}/containers/{}/stop", compose_api, which.id)))) {
    return wrong;
  }
  return problem_in(
      engine_.remove(fmt::format("{}/containers/{}?v=false&force=true", compose_api, which.id)));
}

// --- what there is
// ----------------------------------------------------------------------------------

int compose_project::down(bool orphans_too) {
  auto running = orphans_too ? containers() : containers_of({});
  std::vector<compose_printer::task> stops;
  std::vector<compose_printer::task> removals;
  for (const container& each : running) {
    if (each.state == "running") {
      stops.push_back({each.name, [this, each] {
                         return problem_in(engine_.post(
                             fmt::format("{}/containers/{}/stop", compose_api, each.id)));
                       }});
    }
    removals.push_back({each.name, [this, each] {
                          return problem_in(engine_.remove(
                              fmt::format("{}/containers/{}?force=true", compose_api, each.id)));
                        }});
  }
  if (!stops.empty() && !printer_.run_all("Stopping", stops)) return 1;
  if (!removals.empty() && !printer_.run_all("Removing", removals)) return 1;
  if (file_.needs_network()) {
    const std::string name = place_.project + "_default";
    const auto removed = engine_.remove(fmt::format("{}/networks/{}", compose_api, name));
    printer_.say(removed.good() ? "Removing network " + name : "Network " + name + " not found.");
  }
  return 0;
}

void compose_project::say_nothing_starts(const std::set<std::string>& services) {
  std::size_t width = 0;
  for (const auto& each : file_.services) width = std::max(width, each.name.size());
  for (const char* state : {"", "failed"}) {
    for (const auto& each : file_.services) {
      if (!is_meant(each.name, services)) continue;
      printer_.say(fmt::format("Starting {:<{}} ... {}\r", each.name, width, state));
    }
  }
}

int compose_project::act(const std::string& action, const std::string& doing,
                         const std::set<std::string>& services, std::optional<int> timeout) {
  std::vector<compose_printer::task> tasks;
  const auto found = containers_of(services);
  for (const container& each : found) {
    if (action != "start" && action != "restart" && each.state != "running") continue;
    const std::string query =
        timeout && action != "start" && action != "kill" ? "?t=" + std::to_string(*timeout) : "";
    // `start` names services, the others containers.
    const std::string shown = action == "start" ? each.service : each.name;
    tasks.push_back({shown, [this, each, action, query] {
                       return problem_in(engine_.post(fmt::format(
                           "{}/containers/{}/{}{}", compose_api, each.id, action, query)));
                     }});
  }
  if (found.empty() && (action == "restart" || action == "start")) {
    if (action == "start") say_nothing_starts(services);
    printer_.say("No containers to " + action);
    printer_.say("1");
    return 1;
  }
  return tasks.empty() || printer_.run_all(doing, tasks) ? 0 : 1;
}

int compose_project::remove_stopped(const std::set<std::string>& services) {
  std::vector<compose_printer::task> tasks;
  for (const container& each : containers_of(services)) {
    if (each.state == "running") continue;
    tasks.push_back({each.name, [this, each] {
                       return problem_in(
                           engine_.remove(fmt::format("{}/containers/{}", compose_api, each.id)));
                     }});
  }
  if (tasks.empty()) {
    printer_.say("No stopped containers");
    return 0;
  }
  return printer_.run_all("Removing", tasks) ? 0 : 1;
}

int compose_project::list(bool ids_only, const std::set<std::string>& services) {
  const auto found = containers_of(services);
  if (ids_only) {
    for (const container& each : found) printer_.answer(each.id);
    return 0;
  }
  std::vector<std::vector<std::string>> rows{{"Name", "Command", "State", "Ports"}};
  for (const container& each : found) {
    rows.push_back({each.name, short_command(each.command), state_text(each), ""});
  }
  std::vector<std::size_t> widths(rows.front().size());
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (i > 0) line += "   ";
      line += &row == &rows.front() ? fmt::format("{:^{}}", row[i], widths[i])
                                    : fmt::format("{:<{}}", row[i], widths[i]);
    }
    if (&row == &rows.front()) line.resize(line.find_last_not_of(' ') + 1);
    printer_.answer(line);
    if (&row == &rows.front()) {
      const std::size_t columns = std::accumulate(widths.begin(), widths.end(), std::size_t{0});
      printer_.answer(std::string(columns + 3 * (widths.size() - 1), '-'));
    }
  }
  return 0;
}

}  // namespace spillway::sim
