#include "net/router.hpp"

#include "net/access.hpp"
#include "net/routes/routes.hpp"

namespace spillway::net {
namespace {

struct path_match {
  std::optional<protocol::slug> app;
  std::optional<protocol::slug> mentioned_app;
  std::string id;
};

std::string_view next_segment(std::string_view& path) {
  if (path.starts_with('/')) path.remove_prefix(1);
  auto end = std::min(path.find('/'), path.size());
  auto segment = path.substr(0, end);
  path.remove_prefix(end);
  return segment;
}

/// Nothing is decoded: no name in a path needs it, and a `%2e` is then just not a name.
std::optional<path_match> match(std::string_view pattern, std::string_view path) {
  path_match found;
  if (!path.starts_with('/')) return std::nullopt;
  while (!pattern.empty() && !path.empty()) {
    auto wanted = next_segment(pattern);
    auto segment = next_segment(path);
    if (wanted == "{slug}") {
      found.app = protocol::slug::parse(segment);
      if (!found.app) return std::nullopt;
    } else if (wanted == "{mentioned}") {
      found.mentioned_app = protocol::slug::parse(segment);
      if (!found.mentioned_app) return std::nullopt;
    } else if (wanted == "{id}") {
      // The alphabet of a service serves for ids as well: no slash, no leading dot.
      if (!protocol::service_name::parse(segment)) return std::nullopt;
      found.id = segment;
    } else if (wanted != segment) {
      return std::nullopt;
    }
  }
  if (!pattern.empty() || !path.empty()) return std::nullopt;
  return found;
}

std::optional<protocol::right> needed_right(needs who) {
  switch (who) {
    case needs::read:
      return protocol::right::read;
    case needs::operate:
      return protocol::right::operate;
    case needs::administer:
      return protocol::right::administer;
    case needs::nothing:
    case needs::worker:
    case needs::login:
      break;
  }
  return std::nullopt;
}

void admit_and_handle(const route& chosen, const context_ptr& context) {
  if (chosen.who == needs::worker) return chosen.handle(context);
  auto who = admit(context->deps(), context->request.presented, needed_right(chosen.who),
                   context->app ? &*context->app : nullptr);
  if (!who) return context->fail(who.error());
  context->who = std::move(*who);
  chosen.handle(context);
}

void run(const route& chosen, path_match found, const context_ptr& context) {
  context->app = std::move(found.app);
  context->mentioned_app = std::move(found.mentioned_app);
  context->id = std::move(found.id);
  if (chosen.who == needs::nothing) return chosen.handle(context);
  on_worker(context, [&chosen](const context_ptr& held) { admit_and_handle(chosen, held); });
}

}  // namespace

const std::vector<route>& all_routes() {
  static const std::vector<route> routes = [] {
    std::vector<route> all;
    for (auto group : {system_routes(), auth_routes(), app_routes(), deploy_routes(),
                       version_routes(), record_routes(), apikey_routes(), user_routes(),
                       audit_routes(), stream_routes(), dashboard_routes()}) {
      all.insert(all.end(), group.begin(), group.end());
    }
    return all;
  }();
  return routes;
}

body_size body_size_of(const http_request& request) {
  for (const auto& candidate : all_routes()) {
    if (candidate.body == body_size::large && candidate.method == request.method &&
        match(candidate.pattern, request.path)) {
      return body_size::large;
    }
  }
  return body_size::small;
}

void dispatch(const server_ptr& server, http_request request, responder respond) {
  std::string allow;
  // To the routes the same (RFC 9110, 9.3.2); the connection leaves the body out.
  const std::string method = request.method == "HEAD" ? "GET" : request.method;
  for (const auto& candidate : all_routes()) {
    auto found = match(candidate.pattern, request.path);
    if (!found) continue;
    if (candidate.method == method) {
      if (candidate.method != "GET" && is_of_foreign_page(request, server->deps.settings)) {
        return respond(error_reply(403, "pages of another origin may not do this"));
      }
      auto context =
          std::make_shared<request_context>(server, std::move(request), std::move(respond));
      return run(candidate, std::move(*found), context);
    }
    allow += (allow.empty() ? "" : ", ") + std::string(candidate.method);
  }
  respond(allow.empty() ? error_reply(not_found()) : method_not_allowed(allow));
}

}  // namespace spillway::net
