#include "net/routes/run.hpp"

#include <nlohmann/json.hpp>

namespace spillway::net {
namespace {

failure as_failure(actors::run_refusal refusal) {
  switch (refusal) {
    case actors::run_refusal::busy:
      return app_busy();
    case actors::run_refusal::stopping:
      return {503, "the server is shutting down"};
    case actors::run_refusal::unrecorded:
      break;
  }
  return {500, "the deploy could not be recorded, see the process log"};
}

}  // namespace

failure app_busy() {
  return {409, "a deploy of this app is under way"};
}

bool reserve(const context_ptr& context, const protocol::slug& app) {
  context->reservation = context->server->reservations->acquire(app);
  if (!context->reservation) context->fail(app_busy());
  return context->reservation != nullptr;
}

void when_idle(const context_ptr& context, const protocol::slug& app,
               std::function<void(const context_ptr&)> job) {
  if (!reserve(context, app)) return;
  context->deps().gateway.deploying([context, name = app.text(), job = std::move(job)](
                                        const std::set<std::string>& busy) mutable {
    if (busy.contains(name)) return context->fail(app_busy());
    on_worker(context, std::move(job));
  });
}

std::vector<actors::run_step> steps_up() {
  return {{"up", {"up", "-d", "--remove-orphans"}}};
}

reply accepted_reply(const std::string& deploy_id) {
  return json_reply(202, {{"status", "accepted"}, {"deploy_id", deploy_id}});
}

actors::run_request make_run(const context_ptr& context, const protocol::slug& app,
                             std::string action, std::vector<actors::run_step> steps) {
  const auto& catalog = context->deps().catalog;
  return {app,
          std::move(action),
          std::move(steps),
          catalog.project(app),
          catalog.compose_file(app),
          context->who.user,
          nullptr};
}

void start_run(const context_ptr& context, actors::run_request run,
               std::function<reply(const std::string& deploy_id)> accepted) {
  context->deps().gateway.start_run(
      std::move(run), [context, accepted = std::move(accepted)](
                          const tl::expected<std::string, actors::run_refusal>& started) {
        if (!started) return context->fail(as_failure(started.error()));
        context->answer(accepted(*started));
      });
}

}  // namespace spillway::net
