// Looking at apps and their services.
#include <nlohmann/json.hpp>

#include "net/routes/app_status.hpp"
#include "net/routes/routes.hpp"

namespace spillway::net {
namespace {

using container_list = tl::expected<std::vector<actors::container_info>, actors::engine_error>;

struct app_entry {
  protocol::slug slug;
  std::string project;
};

nlohmann::ordered_json as_json(const app_entry& app, const container_list& containers,
                               const std::set<std::string>& deploying) {
  const auto& name = app.slug.text();
  return {{"ID", name},
          {"Name", name},
          {"Slug", name},
          {"Status", containers ? app_status(*containers, app.project) : "unknown"},
          {"deploying", deploying.contains(name)}};
}

/// Asks the engine about `project` (empty: all) and the brokers, then answers with what `render`
/// makes of it. An engine that does not answer costs the status, not the list.
template <class Render>
void answer_with_state(const context_ptr& context, std::string project, Render render) {
  context->deps().engine.list(std::move(project), [context, render](container_list containers) {
    context->deps().gateway.deploying(
        [context, render, containers = std::move(containers)](const std::set<std::string>& busy) {
          context->answer(200, render(containers, busy));
        });
  });
}

void list_apps(const context_ptr& context) {
  auto slugs = context->deps().catalog.list();
  if (!slugs) return context->fail(slugs.error());
  std::vector<app_entry> apps;
  for (const auto& slug : *slugs) {
    if (decide(context->who, protocol::right::read, &slug) != protocol::decision::allowed) continue;
    apps.push_back({slug, context->deps().catalog.project(slug)});
  }
  if (apps.empty()) return context->answer(200, nlohmann::ordered_json::array());
  answer_with_state(context, {}, [apps](const container_list& containers, const auto& busy) {
    auto list = nlohmann::ordered_json::array();
    for (const auto& app : apps) list.push_back(as_json(app, containers, busy));
    return list;
  });
}

void get_app(const context_ptr& context) {
  app_entry app{*context->app, context->deps().catalog.project(*context->app)};
  answer_with_state(context, app.project,
                    [app](const container_list& containers, const auto& busy) {
                      return as_json(app, containers, busy);
                    });
}

void list_services(const context_ptr& context) {
  auto project = context->deps().catalog.project(*context->app);
  context->deps().engine.list(project, [context](const container_list& containers) {
    if (!containers) return context->fail(engine_failure(containers.error()));
    context->answer(200, service_list(*containers));
  });
}

constexpr route routes_of_apps[] = {
    // Answers with what the caller may see, which may be nothing.
    {"GET", "/api/apps", needs::login, list_apps},
    {"GET", "/api/apps/{slug}", needs::read, get_app},
    {"GET", "/api/apps/{slug}/services", needs::read, list_services},
};

}  // namespace

std::span<const route> app_routes() {
  return routes_of_apps;
}

}  // namespace spillway::net
