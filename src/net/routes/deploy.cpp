#include "net/routes/deploy.hpp"

#include <nlohmann/json.hpp>

#include "net/access.hpp"
#include "net/base64.hpp"
#include "net/routes/run.hpp"

namespace spillway::net {
namespace {

struct deploy_order {
  protocol::slug app;
  std::string compose;
  bool force = false;
};

result<deploy_order> read_order(const http_request& request) {
  auto body = json_body(request);
  if (!body) return tl::unexpected(body.error());
  auto name = string_field(*body, "name");
  if (!name) return tl::unexpected(name.error());
  auto app = protocol::slug::parse(*name);
  if (!app) {
    return tl::unexpected(failure{
        400, "name must be a letter or digit, then at most 62 letters, digits, dots, _ or -"});
  }
  auto encoded = string_field(*body, "compose");
  if (!encoded) return tl::unexpected(encoded.error());
  auto compose = decode_base64(*encoded);
  if (!compose) return tl::unexpected(failure{400, "compose must be a compose file in base64"});
  auto force = bool_field(*body, "force", false);
  if (!force) return tl::unexpected(force.error());
  return deploy_order{std::move(*app), std::move(*compose), *force};
}

bool allowed(const protocol::principal& who, protocol::right needed, const protocol::slug* app) {
  return decide(who, needed, app) == protocol::decision::allowed;
}

/// By who they are alone: whoever may not is not worth reading a large body.
bool may_deploy_something(const protocol::principal& who) {
  return allowed(who, protocol::right::administer, nullptr) ||
         (who.granted_role == protocol::role::manage && !who.granted_apps.empty());
}

/// The same refusal whether or not the app exists, unless the caller may know.
result<void> check_order(const context_ptr& context, const deploy_order& order) {
  bool may_create = allowed(context->who, protocol::right::administer, nullptr);
  bool may_redeploy = may_create || allowed(context->who, protocol::right::operate, &order.app);
  if (!may_redeploy) return tl::unexpected(role_too_low());
  auto exists = context->deps().catalog.exists(order.app);
  if (!exists) return tl::unexpected(exists.error());
  if (!*exists && !may_create) return tl::unexpected(role_too_low());
  if (*exists && !order.force) {
    return tl::unexpected(failure{409, "this app exists; set force to deploy it again"});
  }
  return {};
}

void put_and_start(const context_ptr& context, const deploy_order& order) {
  auto put = context->deps().catalog.put(order.app, order.compose, order.force, context->who.user);
  if (!put) return context->fail(put.error());
  auto run = make_run(context, order.app, "deploy", steps_up());
  start_run(context, std::move(run), [name = order.app.text()](const std::string& deploy_id) {
    return json_reply(201, {{"name", name}, {"status", "deploying"}, {"deploy_id", deploy_id}});
  });
}

}  // namespace

void deploy_app(const context_ptr& context) {
  if (!may_deploy_something(context->who)) return context->fail(role_too_low());
  auto order = read_order(context->request);
  if (!order) return context->fail(order.error());
  auto checked = check_order(context, *order);
  if (!checked) return context->fail(checked.error());
  when_idle(context, order->app,
            [order = *order](const context_ptr& held) { put_and_start(held, order); });
}

}  // namespace spillway::net
