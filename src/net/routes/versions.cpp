// The compose files that an app has had, and going back to one.
#include <nlohmann/json.hpp>

#include "net/base64.hpp"
#include "net/routes/routes.hpp"
#include "net/routes/run.hpp"

namespace spillway::net {
namespace {

nlohmann::ordered_json as_json(const compose_version& version) {
  return {{"id", version.id},
          {"created_at", version.created_at},
          {"user", version.user},
          {"bytes", version.bytes},
          {"current", version.current}};
}

failure no_version() {
  return {404, "version not found"};
}

void list_versions(const context_ptr& context) {
  auto versions = context->deps().catalog.versions(*context->app);
  if (!versions) return context->fail(versions.error());
  auto list = nlohmann::ordered_json::array();
  for (const auto& version : *versions) list.push_back(as_json(version));
  context->answer(200, list);
}

void get_version(const context_ptr& context) {
  auto id = number_id(*context);
  if (!id) return context->fail(no_version());
  auto version = context->deps().catalog.version(*context->app, *id);
  if (!version) return context->fail(version.error());
  auto body = as_json(version->first);
  body["compose"] = encode_base64(version->second);
  auto made = json_reply(200, body);
  made.body_share = std::make_shared<byte_share>(context->server->large_replies);
  if (!made.body_share->grow_to(made.body.size())) {
    return context->fail({503, "others are reading long transcripts, try again"});
  }
  context->answer(std::move(made));
}

result<std::int64_t> wanted_version(const http_request& request) {
  auto body = json_body(request);
  if (!body) return tl::unexpected(body.error());
  auto id = body->find("version_id");
  if (id == body->end() || !id->is_number_integer()) {
    return tl::unexpected(
        failure{400, "version_id must be the id of a version, as GET .../versions lists them"});
  }
  // No version has a number past what an id can be.
  if (id->is_number_unsigned() && id->get<std::uint64_t>() > INT64_MAX) return -1;
  return id->get<std::int64_t>();
}

void roll_back(const context_ptr& context) {
  auto id = wanted_version(context->request);
  if (!id) return context->fail(id.error());
  when_idle(context, *context->app, [id = *id](const context_ptr& held) {
    auto done = held->deps().catalog.roll_back(*held->app, id, held->who.user);
    if (!done) return held->fail(done.error());
    start_run(held, make_run(held, *held->app, "rollback", steps_up()), accepted_reply);
  });
}

constexpr route routes_of_versions[] = {
    {"GET", "/api/apps/{slug}/versions", needs::read, list_versions},
    // A compose file may hold secrets: for those who may write one.
    {"GET", "/api/apps/{slug}/versions/{id}", needs::operate, get_version},
    {"POST", "/api/apps/{slug}/rollback", needs::operate, roll_back},
};

}  // namespace

std::span<const route> version_routes() {
  return routes_of_versions;
}

}  // namespace spillway::net
