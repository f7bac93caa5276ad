// Recorded deploys and their logs.
#include <nlohmann/json.hpp>

#include "net/routes/routes.hpp"
#include "protocol/timestamp.hpp"

namespace spillway::net {
namespace {

nlohmann::ordered_json as_json(const actors::deploy_record& record) {
  bool running = record.status == "running";
  nlohmann::ordered_json made{{"id", record.id},         {"action", record.action},
                              {"status", record.status}, {"exit_code", nullptr},
                              {"user", record.user},     {"started_at", nullptr},
                              {"finished_at", nullptr}};
  made["started_at"] = protocol::format_rfc3339_milli(record.started_at);
  if (running) return made;
  made["exit_code"] = record.exit_code;
  made["finished_at"] = protocol::format_rfc3339_milli(record.finished_at);
  return made;
}

void list_events(const context_ptr& context) {
  auto records = context->deps().catalog.deploys(*context->app);
  if (!records) return context->fail(records.error());
  auto list = nlohmann::ordered_json::array();
  for (const auto& record : *records) list.push_back(as_json(record));
  context->answer(200, list);
}

void deploy_log(const context_ptr& context) {
  auto frames = context->deps().catalog.transcript(*context->app, context->id);
  if (!frames) return context->fail(frames.error());
  reply made;
  made.body_share = std::make_shared<byte_share>(context->server->large_replies);
  if (!made.body_share->grow_to(frames->size())) {
    return context->fail({503, "others are reading long transcripts, try again"});
  }
  made.content_type = "application/x-ndjson";
  made.body = std::move(*frames);
  context->answer(std::move(made));
}

constexpr route routes_of_records[] = {
    {"GET", "/api/apps/{slug}/events", needs::read, list_events},
    {"GET", "/api/apps/{slug}/deploys/{id}/log", needs::read, deploy_log},
};

}  // namespace

std::span<const route> record_routes() {
  return routes_of_records;
}

}  // namespace spillway::net
