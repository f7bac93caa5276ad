// The caller's own API keys.
#include <nlohmann/json.hpp>

#include "net/routes/routes.hpp"

namespace spillway::net {
namespace {

void list_keys(const context_ptr& context) {
  auto keys = context->deps().users.api_keys(context->who);
  if (!keys) return context->fail(keys.error());
  auto list = nlohmann::ordered_json::array();
  for (const auto& key : *keys) {
    list.push_back({{"id", key.id},
                    {"name", key.name},
                    {"created_at", key.created_at},
                    {"expires_at", key.expires_at},
                    {"last_used_at", key.last_used_at}});
  }
  context->answer(200, list);
}

void create_key(const context_ptr& context) {
  auto body = json_body(context->request);
  if (!body) return context->fail(body.error());
  auto name = string_field(*body, "name");
  if (!name) return context->fail(name.error());
  auto made = context->deps().users.create_api_key(context->who, *name);
  if (!made) return context->fail(made.error());
  context->answer(201, {{"id", made->first}, {"name", *name}, {"key", made->second}});
}

void revoke_key(const context_ptr& context) {
  auto revoked = context->deps().users.revoke_api_key(context->who, context->id);
  if (!revoked) return context->fail(revoked.error());
  context->answer(200, {{"status", "ok"}});
}

constexpr route routes_of_apikeys[] = {
    {"GET", "/api/apikeys", needs::login, list_keys},
    {"POST", "/api/apikeys", needs::login, create_key},
    {"DELETE", "/api/apikeys/{id}", needs::login, revoke_key},
};

}  // namespace

std::span<const route> apikey_routes() {
  return routes_of_apikeys;
}

}  // namespace spillway::net
