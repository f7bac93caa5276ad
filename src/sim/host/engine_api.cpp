#include "sim/host/engine_api.hpp"

#include <signal.h>

#include <charconv>
#include <utility>

#include "sim/host/container_json.hpp"
#include "sim/host/engine_questions.hpp"

// GCC 12 takes a coroutine that it has inlined into another for one whose frame is deleted wrongly.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wmismatched-new-delete"
#endif

namespace spillway::sim {

namespace {

namespace asio = boost::asio;
using namespace engine_questions;
using nlohmann::ordered_json;

const std::string no_name;

std::optional<long> whole_number_in(const std::string& text) {
  long value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// `t` of a stop or restart, in seconds; below zero: without end.
std::optional<std::chrono::seconds> patience_in(const api_target& target) {
  const auto seconds = whole_number_in(target.parameter("t"));
  if (!seconds) return std::nullopt;
  return std::chrono::seconds(*seconds < 0 ? 86'400L * 365 : std::min(*seconds, 86'400L * 365));
}

/// The words of a path from `from` to before the last `but`, as an image's name has slashes.
std::string joined(const std::vector<std::string>& path, std::size_t from, std::size_t but) {
  std::string name;
  for (std::size_t i = from; i + but < path.size(); ++i) {
    if (!name.empty()) name += '/';
    name += path[i];
  }
  return name;
}

api_answer settings_answer(const host_settings& settings) {
  return json_answer(200, {{"seed", settings.seed},
                           {"compose_duration_ms", settings.compose_duration.count()},
                           {"deploy_lines", settings.deploy_lines},
                           {"usual_model", ordered_json(to_json(settings.usual_model))}});
}

end_deploy ended_deploy(const api_target& target) {
  const auto number = [&target](const char* name) {
    return whole_number_in(target.parameter(name)).value_or(0);
  };
  return {target.parameter("project"),
          static_cast<std::uint32_t>(number("number")),
          static_cast<std::uint64_t>(number("printed")),
          static_cast<int>(number("exit_code")),
          {}};
}

/// The name of a network that is to be made.
std::optional<std::string> network_name_in(const std::string& text) {
  const auto body = nlohmann::json::parse(text, nullptr, false);
  if (!body.is_object() || !body.contains("Name") || !body["Name"].is_string()) return std::nullopt;
  return body["Name"].get<std::string>();
}

}  // namespace

asio::awaitable<api_answer> engine_api::answer(api_request request) const {
  const auto target = parse_api_target(request.target);
  if (!target) co_return refused_version(target.error());
  const auto& path = target->path;
  const std::string first = path.empty() ? "" : path.front();
  const bool get = request.method == "GET" || request.method == "HEAD";
  if (first == "_ping" && get) {
    api_answer ok;
    ok.content_type = "text/plain; charset=utf-8";
    ok.body = "OK";
    co_return ok;
  }
  if (first == "version" && get) co_return version_answer();
  if (first == "info" && get) {
    api_answer told = co_await info();
    co_return told;
  }
  if (first == "events" && get) {
    api_answer events;
    events.events = true;
    co_return events;
  }
  if (first == "containers") {
    api_answer answered = co_await containers(request, *target);
    co_return answered;
  }
  if (first == "images") {
    api_answer answered = co_await images(request, *target);
    co_return answered;
  }
  if (first == "networks") {
    api_answer answered = co_await networks(request, *target);
    co_return answered;
  }
  if (first == "sim") {
    api_answer answered = co_await internals(request, *target);
    co_return answered;
  }
  co_return page_not_found();
}

asio::awaitable<api_answer> engine_api::info() const {
  const auto all = co_await all_containers(engine_);
  co_return info_answer(all);
}

asio::awaitable<api_answer> engine_api::list(const api_target& target) const {
  const auto filter = parse_container_filter(target.parameter("filters"));
  if (!filter) co_return refusal(filter.error());
  const auto all = co_await all_containers(engine_);
  const auto limit = whole_number_in(target.parameter("limit")).value_or(-1);
  const bool stopped_too = target.flag("all") || !filter->statuses.empty() || limit > 0;
  auto listed = ordered_json::array();
  for (const auto& each : all) {
    const auto phase = each.view->state().phase;
    if (!stopped_too && phase != container_phase::running) continue;
    if (!filter->matches(each.view->id(), each.view->name(), phase_text(phase),
                         each.view->config().labels)) {
      continue;
    }
    if (limit > 0 && listed.size() >= static_cast<std::size_t>(limit)) break;
    listed.push_back(listed_container(*each.view, wall_clock()));
  }
  co_return json_answer(200, listed);
}

asio::awaitable<api_answer> engine_api::create(const api_request& request,
                                               const api_target& target) const {
  auto config = parse_container_config(request.body);
  if (!config) co_return refusal(config.error());
  const std::string name = target.parameter("name");
  const auto made = co_await make(engine_, name, std::move(*config));
  if (!made) co_return refusal(made.error());
  co_return created_answer(*made);
}

asio::awaitable<api_answer> engine_api::containers(const api_request& request,
                                                   const api_target& target) const {
  const std::string second = target.path.size() == 2 ? target.path[1] : "";
  if (second == "json" && request.method == "GET") {
    api_answer listed = co_await list(target);
    co_return listed;
  }
  if (second == "create" && request.method == "POST") {
    api_answer created = co_await create(request, target);
    co_return created;
  }
  if (target.path.size() < 2) co_return page_not_found();
  api_answer one = co_await one_container(request, target);
  co_return one;
}

asio::awaitable<api_answer> engine_api::open(found_container on, const api_target& target) const {
  const auto asked = parse_log_request(target);
  if (!asked) co_return refusal(asked.error());
  if (on.view->state().phase == container_phase::removing) co_return no_log_of_what_is_removed();
  const auto reader = co_await open_reader(on.actor, *asked);
  if (reader == 0) co_return no_such_container(target.path[1]);
  api_answer answer;
  answer.log = wanted_log{std::move(on), *asked, reader};
  co_return answer;
}

asio::awaitable<api_answer> engine_api::one_container(const api_request& request,
                                                      const api_target& target) const {
  const std::string action = target.path.size() == 3 ? target.path[2] : "";
  const std::string does = request.method + " " + action;
  const bool known = does == "GET json" || does == "GET logs" || does == "POST start" ||
                     does == "POST stop" || does == "POST restart" || does == "POST kill" ||
                     does == "POST wait" || does == "PUT archive" || does == "DELETE ";
  if (!known || target.path.size() > 3) co_return page_not_found();
  auto found = co_await find(engine_, target.path[1]);
  if (!found) {
    if (does == "POST kill") co_return cannot_kill(target.path[1], found.error());
    co_return refusal(found.error());
  }
  if (does == "GET json") {
    co_return json_answer(200, inspected_container(*found->view, settings_.directory));
  }
  if (does == "GET logs") {
    api_answer log = co_await open(std::move(*found), target);
    co_return log;
  }
  if (does == "POST wait") {
    const int code = co_await wait_for_exit(found->actor);
    co_return exit_answer(code);
  }
  if (does == "PUT archive") {
    const std::string folder = target.parameter("path");
    const auto unpacked = co_await unpack(found->actor, folder, request.body);
    if (!unpacked) co_return refusal(unpacked.error());
    co_return empty_answer(200);
  }
  const auto signal = target.parameter("signal");
  const auto number = signal.empty() ? std::optional<int>(SIGKILL) : signal_number(signal);
  if (action == "kill" && !number) co_return invalid_signal(signal);
  const action_options how{patience_in(target), number.value_or(SIGKILL), target.flag("force")};
  const auto acted = co_await act(found->actor, action, how);
  if (!acted && action == "kill") co_return cannot_kill(target.path[1], acted.error());
  if (!acted) co_return refusal(acted.error());
  co_return empty_answer(*acted == action_outcome::done ? 204 : 304);
}

asio::awaitable<api_answer> engine_api::images(const api_request& request,
                                               const api_target& target) const {
  const auto& path = target.path;
  const bool listed = path.size() == 2 && path[1] == "json" && request.method == "GET";
  const bool inspected = path.size() > 2 && path.back() == "json" && request.method == "GET";
  const bool removed = path.size() >= 2 && request.method == "DELETE";
  if (!listed && !inspected && !removed) co_return page_not_found();
  const std::string gone_name = removed ? joined(path, 1, 0) : std::string();
  const auto all = co_await images_changed(engine_, no_name, gone_name);
  if (!all) co_return refusal(all.error());
  if (!inspected) co_return json_answer(200, *all);
  co_return image_answer(*all, full_image_name(joined(path, 1, 1)));
}

asio::awaitable<api_answer> engine_api::networks(const api_request& request,
                                                 const api_target& target) const {
  const auto& path = target.path;
  const bool listed = path.size() == 1 && request.method == "GET";
  const bool created = path.size() == 2 && path[1] == "create" && request.method == "POST";
  const bool removed = path.size() == 2 && request.method == "DELETE";
  if (!listed && !created && !removed) co_return page_not_found();
  const auto name = created ? network_name_in(request.body) : std::string();
  if (!name) co_return invalid_body();
  const std::string gone_name = removed ? path[1] : std::string();
  const auto all = co_await networks_changed(engine_, *name, gone_name);
  if (!all) co_return refusal(all.error());
  if (listed) co_return json_answer(200, *all);
  if (removed) co_return empty_answer(204);
  co_return network_made();
}

/// What no real Engine has: for compose, and for those who check what came of it.
asio::awaitable<api_answer> engine_api::internals(const api_request& request,
                                                  const api_target& target) const {
  const std::string what =
      request.method + " " + (target.path.size() == 2 ? target.path[1] : std::string());
  const std::string project = target.parameter("project");
  if (what == "GET containers") {
    const auto truth = co_await truth_of(engine_);
    co_return json_answer(200, truth);
  }
  if (what == "GET settings") {
    co_return settings_answer(settings_);
  }
  if (what == "POST images") {
    const std::string name = target.parameter("name");
    const auto added = co_await images_changed(engine_, name, no_name);
    if (!added) co_return refusal(added.error());
    co_return empty_answer(204);
  }
  if (what == "POST deploys") {
    const auto number = co_await begun(engine_, project);
    co_return deploy_answer(number);
  }
  if (what == "PUT deploys") {
    end_deploy deploy = ended_deploy(target);
    co_await noted(engine_, std::move(deploy));
    co_return empty_answer(204);
  }
  co_return page_not_found();
}

}  // namespace spillway::sim
