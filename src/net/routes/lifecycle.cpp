// What starts or cancels a run: deploy (deploy.cpp), and the rest here.
#include <spdlog/spdlog.h>

#include <nlohmann/json.hpp>

#include "net/routes/deploy.hpp"
#include "net/routes/routes.hpp"
#include "net/routes/run.hpp"

namespace spillway::net {
namespace {

using steps = std::vector<actors::run_step>;

constexpr std::uint64_t max_scale = 1'000;

void act(const context_ptr& context, const char* action, steps todo) {
  if (!reserve(context, *context->app)) return;
  start_run(context, make_run(context, *context->app, action, std::move(todo)), accepted_reply);
}

void pull(const context_ptr& context) {
  steps todo{{"pull", {"pull"}}};
  for (auto& step : steps_up()) todo.push_back(std::move(step));
  act(context, "pull", std::move(todo));
}

void restart(const context_ptr& context) {
  act(context, "restart", {{"restart", {"restart"}}});
}

void stop(const context_ptr& context) {
  act(context, "stop", {{"stop", {"stop"}}});
}

void start(const context_ptr& context) {
  act(context, "start", {{"start", {"start"}}});
}

/// `{"scales": {"web": 3}}` as arguments of `up`.
result<std::vector<std::string>> scale_arguments(const http_request& request) {
  auto body = json_body(request);
  if (!body) return tl::unexpected(body.error());
  auto scales = body->find("scales");
  if (scales == body->end() || !scales->is_object() || scales->empty()) {
    return tl::unexpected(failure{400, "scales must be an object of services and their numbers"});
  }
  std::vector<std::string> arguments{"up", "-d", "--no-recreate"};
  for (const auto& [service, count] : scales->items()) {
    if (!protocol::service_name::parse(service)) {
      return tl::unexpected(failure{400, "scales names something that cannot be a service"});
    }
    if (!count.is_number_unsigned() || count.get<std::uint64_t>() > max_scale) {
      return tl::unexpected(failure{400, "the scale of " + service + " must be from 0 to 1000"});
    }
    arguments.push_back("--scale");
    arguments.push_back(service + "=" + std::to_string(count.get<std::uint64_t>()));
  }
  return arguments;
}

void scale(const context_ptr& context) {
  auto arguments = scale_arguments(context->request);
  if (!arguments) return context->fail(arguments.error());
  act(context, "scale", {{"scale", std::move(*arguments)}});
}

/// The body may be empty, or name the deploy that is meant.
result<std::optional<std::string>> meant_deploy(const http_request& request) {
  if (request.body.empty()) return std::nullopt;
  auto body = json_body(request);
  if (!body) return tl::unexpected(body.error());
  return optional_string_field(*body, "deploy_id");
}

void cancel(const context_ptr& context) {
  auto meant = meant_deploy(context->request);
  if (!meant) return context->fail(meant.error());
  const char* none = *meant ? "this deploy has ended" : "no deploy of this app is under way";
  context->deps().gateway.cancel_run(*context->app, std::move(*meant),
                                     [context, none](bool was_running) {
                                       if (!was_running) return context->fail({409, none});
                                       context->answer(202, {{"status", "accepted"}});
                                     });
}

/// The app is forgotten once its containers are gone; if that fails it stays, to be tried again.
void remove_app(const context_ptr& context) {
  if (!reserve(context, *context->app)) return;
  auto run = make_run(context, *context->app, "down", {{"down", {"down", "--remove-orphans"}}});
  run.then = [server = context->server, app = *context->app](bool succeeded) {
    if (!succeeded) return;
    server->workers.submit_always([server, app] {
      auto removed = server->deps.catalog.remove(app);
      if (!removed)
        spdlog::error("[api] cannot remove {}: {}", app.text(), removed.error().message);
    });
  };
  start_run(context, std::move(run), accepted_reply);
}

constexpr route routes_of_lifecycle[] = {
    // Who may deploy depends on the app that the body names.
    {"POST", "/api/apps/deploy", needs::login, deploy_app, body_size::large},
    {"POST", "/api/apps/{slug}/pull", needs::operate, pull},
    {"POST", "/api/apps/{slug}/restart", needs::operate, restart},
    {"POST", "/api/apps/{slug}/stop", needs::operate, stop},
    {"POST", "/api/apps/{slug}/start", needs::operate, start},
    {"POST", "/api/apps/{slug}/scale", needs::operate, scale},
    {"POST", "/api/apps/{slug}/cancel", needs::operate, cancel},
    {"DELETE", "/api/apps/{slug}", needs::administer, remove_app},
};

}  // namespace

std::span<const route> deploy_routes() {
  return routes_of_lifecycle;
}

}  // namespace spillway::net
