// Users and what they were granted.
#include <nlohmann/json.hpp>

#include "net/access.hpp"
#include "net/routes/routes.hpp"

namespace spillway::net {
namespace {

nlohmann::ordered_json account_json(const user_account& user) {
  return {{"id", user.id},
          {"username", user.username},
          {"role", to_string(user.granted_role)},
          {"created_at", user.created_at},
          {"apps", user.apps}};
}

failure no_such_user() {
  return {404, "there is no such user"};
}

result<protocol::role> role_field(const nlohmann::json& body) {
  auto text = string_field(body, "role");
  if (!text) return tl::unexpected(text.error());
  auto role = protocol::parse_role(*text);
  if (!role) return tl::unexpected(failure{400, "role must be super_admin, manage or viewer"});
  return *role;
}

void answer_done(const context_ptr& context, const result<void>& done) {
  if (!done) return context->fail(done.error());
  context->answer(200, {{"status", "ok"}});
}

/// Calls `work` with the user's id from the path.
template <class Work>
void with_user(const context_ptr& context, Work work) {
  auto id = number_id(*context);
  if (!id) return context->fail(no_such_user());
  work(*id);
}

void list_users(const context_ptr& context) {
  auto users = context->deps().accounts.list();
  if (!users) return context->fail(users.error());
  auto list = nlohmann::ordered_json::array();
  for (const auto& user : *users) list.push_back(account_json(user));
  context->answer(200, list);
}

void create_user_now(const context_ptr& context) {
  auto body = json_body(context->request);
  if (!body) return context->fail(body.error());
  auto username = string_field(*body, "username");
  if (!username) return context->fail(username.error());
  auto password = string_field(*body, "password");
  if (!password) return context->fail(password.error());
  auto role = role_field(*body);
  if (!role) return context->fail(role.error());
  auto made = context->deps().accounts.create(*username, *password, *role);
  if (!made) return context->fail(made.error());
  context->answer(201, account_json(*made));
}

/// The caller may have waited for a hash for longer than their right lasted: it is looked at again.
void hash_as_admin(const context_ptr& context, void (*job)(const context_ptr&)) {
  on_password_worker(context, [job](const context_ptr& held) {
    auto who = admit(held->deps(), held->request.presented, protocol::right::administer, nullptr);
    if (!who) return held->fail(who.error());
    job(held);
  });
}

void create_user(const context_ptr& context) {
  hash_as_admin(context, create_user_now);
}

void remove_user(const context_ptr& context) {
  with_user(context,
            [&](std::int64_t id) { answer_done(context, context->deps().accounts.remove(id)); });
}

void set_user_role(const context_ptr& context) {
  with_user(context, [&](std::int64_t id) {
    auto body = json_body(context->request);
    if (!body) return context->fail(body.error());
    auto role = role_field(*body);
    if (!role) return context->fail(role.error());
    answer_done(context, context->deps().accounts.set_role(id, *role));
  });
}

void set_user_password_now(const context_ptr& context) {
  with_user(context, [&](std::int64_t id) {
    auto body = json_body(context->request);
    if (!body) return context->fail(body.error());
    auto password = string_field(*body, "password");
    if (!password) return context->fail(password.error());
    answer_done(context, context->deps().accounts.set_password(id, *password));
  });
}

void set_user_password(const context_ptr& context) {
  hash_as_admin(context, set_user_password_now);
}

void list_access(const context_ptr& context) {
  with_user(context, [&](std::int64_t id) {
    auto user = context->deps().accounts.find(id);
    if (!user) return context->fail(user.error());
    context->answer(200, user->apps);
  });
}

void grant_access(const context_ptr& context) {
  with_user(context, [&](std::int64_t id) {
    auto body = json_body(context->request);
    if (!body) return context->fail(body.error());
    auto name = string_field(*body, "app_slug");
    if (!name) return context->fail(name.error());
    auto app = protocol::slug::parse(*name);
    if (!app) return context->fail({400, "app_slug must be the name of an app"});
    auto exists = context->deps().catalog.exists(*app);
    if (!exists) return context->fail(exists.error());
    if (!*exists) return context->fail({404, "there is no such app"});
    answer_done(context, context->deps().accounts.grant(id, *app));
  });
}

/// Also of an app that is gone.
void revoke_access(const context_ptr& context) {
  with_user(context, [&](std::int64_t id) {
    answer_done(context, context->deps().accounts.revoke(id, *context->mentioned_app));
  });
}

constexpr route routes_of_users[] = {
    {"GET", "/api/users", needs::administer, list_users},
    {"POST", "/api/users", needs::administer, create_user},
    {"DELETE", "/api/users/{id}", needs::administer, remove_user},
    {"PUT", "/api/users/{id}/role", needs::administer, set_user_role},
    {"PUT", "/api/users/{id}/password", needs::administer, set_user_password},
    {"GET", "/api/users/{id}/access", needs::administer, list_access},
    {"POST", "/api/users/{id}/access", needs::administer, grant_access},
    {"DELETE", "/api/users/{id}/access/{mentioned}", needs::administer, revoke_access},
};

}  // namespace

std::span<const route> user_routes() {
  return routes_of_users;
}

}  // namespace spillway::net
