// The caller's own API keys.
#include <nlohmann/json.hpp>

#include "net/routes/routes.hpp"
#include "protocol/duration.hpp"

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

constexpr auto longest_life = std::chrono::days(100 * 365);

result<std::optional<std::chrono::nanoseconds>> lifetime_field(const nlohmann::json& body) {
  auto text = optional_string_field(body, "expires");
  if (!text) return tl::unexpected(text.error());
  if (!*text) return std::nullopt;
  auto lifetime = protocol::parse_duration(**text);
  if (!lifetime || lifetime->count() == 0 || *lifetime > longest_life) {
    return tl::unexpected(
        failure{400, "expires must be a duration of up to 100 years, such as 12h or 90d"});
  }
  return *lifetime;
}

void create_key(const context_ptr& context) {
  auto body = json_body(context->request);
  if (!body) return context->fail(body.error());
  auto name = string_field(*body, "name");
  if (!name) return context->fail(name.error());
  auto lifetime = lifetime_field(*body);
  if (!lifetime) return context->fail(lifetime.error());
  auto made = context->deps().users.create_api_key(context->who, *name, *lifetime);
  if (!made) return context->fail(made.error());
  context->answer(201, {{"id", made->first}, {"name", *name}, {"key", made->second}});
}

void revoke_key(const context_ptr& context) {
  auto id = number_id(*context);
  if (!id) return context->fail({404, "there is no such API key"});
  auto revoked = context->deps().users.revoke_api_key(context->who, *id);
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
