// What the server is doing: the live tree, and the metrics.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <tuple>
#include <vector>

#include "net/routes/routes.hpp"
#include "protocol/timestamp.hpp"

namespace spillway::net {
namespace {

using nlohmann::ordered_json;

/// Of one publisher, unless more are asked for.
constexpr std::uint64_t viewers_listed = 1'000;

ordered_json as_json(const actors::viewer_report& viewer) {
  ordered_json made{{"user", viewer.user},
                    {"address", viewer.address},
                    {"opened_at", protocol::format_rfc3339_milli(viewer.opened_at)},
                    {"state", viewer.state},
                    {"lag_lines", viewer.lag_lines},
                    {"skipped_lines", viewer.skipped_lines}};
  made["writing_ms"] =
      viewer.writing_for ? ordered_json(viewer.writing_for->count()) : ordered_json(nullptr);
  return made;
}

/// All of them in their order, or, where there are more, so many for whom most lines wait.
std::vector<const actors::viewer_report*> furthest_behind(const actors::publisher_report& publisher,
                                                          std::uint64_t most) {
  std::vector<const actors::viewer_report*> chosen;
  for (const auto& viewer : publisher.viewers) chosen.push_back(&viewer);
  if (chosen.size() <= most) return chosen;
  const auto end = chosen.begin() + static_cast<std::ptrdiff_t>(most);
  std::partial_sort(chosen.begin(), end, chosen.end(), [](const auto* a, const auto* b) {
    return std::tie(b->lag_lines, a->id) < std::tie(a->lag_lines, b->id);
  });
  chosen.erase(end, chosen.end());
  return chosen;
}

ordered_json as_json(const actors::publisher_report& publisher, std::uint64_t most_viewers) {
  auto viewers = ordered_json::array();
  for (const auto* viewer : furthest_behind(publisher, most_viewers))
    viewers.push_back(as_json(*viewer));
  ordered_json made{{"kind", to_string(publisher.kind)}, {"key", publisher.key}};
  if (!publisher.app.empty()) made["app"] = publisher.app;
  if (!publisher.service.empty()) {
    made["service"] = publisher.service;
    made["replica"] = publisher.replica;
  }
  if (!publisher.deploy_id.empty()) made["deploy_id"] = publisher.deploy_id;
  made.update({{"state", publisher.state},
               {"ring",
                {{"lines", publisher.ring.lines},
                 {"bytes", publisher.ring.bytes},
                 {"capacity_bytes", publisher.ring.capacity_bytes}}},
               {"viewer_count", publisher.viewers.size()},
               {"viewers", std::move(viewers)}});
  return made;
}

/// Those who watch may be many: the answer is made on a worker.
template <class Render>
void answer_with_report(const context_ptr& context, Render render) {
  context->deps().gateway.streams([context, render](actors::streams_report report) {
    auto held = std::make_shared<const actors::streams_report>(std::move(report));
    on_worker(context, [render, held](const context_ptr& c) { render(c, *held); });
  });
}

void streams(const context_ptr& context) {
  const auto most = number_parameter(context->request.query, "viewers", viewers_listed);
  if (!most) return context->fail(most.error());
  answer_with_report(context,
                     [most = *most](const context_ptr& c, const actors::streams_report& report) {
                       auto publishers = ordered_json::array();
                       for (const auto& each : report.publishers)
                         publishers.push_back(as_json(each, most));
                       c->answer(200, {{"viewers", report.viewers},
                                       {"max_viewers", c->deps().settings.limits.max_viewers},
                                       {"publishers", std::move(publishers)}});
                     });
}

void metrics(const context_ptr& context) {
  if (context->deps().metrics == nullptr) return context->fail(not_found());
  answer_with_report(context, [](const context_ptr& c, const actors::streams_report& report) {
    const server_context& server = *c->server;
    const server_figures figures{
        server.viewers->count(),     server.connections->count(),
        server.deps.max_connections, server.workers.jobs() + server.passwords.waiting(),
        server.deps.max_worker_jobs, &server.requests};
    reply made;
    made.content_type = "text/plain; version=0.0.4; charset=utf-8";
    made.body = c->deps().metrics->render(report, figures);
    c->answer(std::move(made));
  });
}

constexpr route routes_of_streams[] = {
    {"GET", "/api/system/streams", needs::administer, streams},
    {"GET", "/metrics", needs::administer, metrics},
};

}  // namespace

std::span<const route> stream_routes() {
  return routes_of_streams;
}

}  // namespace spillway::net
