// Setup, login, logout, me and my password.
#include <nlohmann/json.hpp>

#include "net/access_log.hpp"
#include "net/routes/routes.hpp"

namespace spillway::net {
namespace {

nlohmann::ordered_json as_json(const protocol::principal& who) {
  return {{"username", who.user}, {"role", to_string(who.granted_role)}};
}

struct name_and_password {
  std::string username;
  std::string password;
};

result<name_and_password> read_name_and_password(const http_request& request) {
  auto body = json_body(request);
  if (!body) return tl::unexpected(body.error());
  auto username = string_field(*body, "username");
  if (!username) return tl::unexpected(username.error());
  auto password = string_field(*body, "password");
  if (!password) return tl::unexpected(password.error());
  return name_and_password{std::move(*username), std::move(*password)};
}

std::string session_field(const std::string& value, std::chrono::seconds max_age, bool secure) {
  return "session=" + value +
         "; HttpOnly; SameSite=Strict; Path=/; Max-Age=" + std::to_string(max_age.count()) +
         (secure ? "; Secure" : "");
}

void setup_status(const context_ptr& context) {
  auto needed = context->deps().users.needs_setup();
  if (!needed) return context->fail(needed.error());
  context->answer(200, {{"needs_setup", *needed}});
}

void create_first_user(const context_ptr& context) {
  auto given = read_name_and_password(context->request);
  if (!given) return context->fail(given.error());
  auto made = context->deps().users.setup(given->username, given->password);
  if (!made) return context->fail(made.error());
  context->answer(201, as_json(*made));
}

/// Once set up, which is nearly always, a setup takes no place among those who wait for a hash.
void setup(const context_ptr& context) {
  auto needed = context->deps().users.needs_setup();
  if (!needed) return context->fail(needed.error());
  if (!*needed) return context->fail({409, "the first user was created already: log in"});
  on_password_worker(context, create_first_user);
}

void add_session_cookie(reply& made, const request_context& context, const std::string& value) {
  auto lifetime = std::chrono::duration_cast<std::chrono::seconds>(
      context.deps().settings.auth.session_lifetime);
  made.headers.emplace_back("Set-Cookie", session_field(value, lifetime, context.request.secure));
}

/// The password is hashed by whoever passes the limits alone.
void prove_login(const context_ptr& context) {
  auto given = read_name_and_password(context->request);
  if (!given) return context->fail(given.error());
  const auto& client = context->request.client;
  auto attempt = context->server->logins->begin(given->username, client);
  if (!attempt) return context->fail(attempt.error());
  auto proved = context->deps().users.log_in(given->username, given->password);
  if (!proved) {
    if (proved.error().status == 401) {
      log_failed_login(client, given->username);
      attempt->failed();
    }
    return context->fail(proved.error());
  }
  attempt->succeeded();
  log_logged_in(client, proved->who.user);
  auto made = json_reply(200, as_json(proved->who));
  add_session_cookie(made, *context, proved->session_cookie);
  context->answer(std::move(made));
}

/// On the I/O thread: an address that is past its limit takes no place among those who wait for a
/// hash.
void log_in(const context_ptr& context) {
  auto counted = context->server->logins->count_attempt(context->request.client);
  if (!counted) return context->fail(counted.error());
  on_password_worker(context, prove_login);
}

void log_out(const context_ptr& context) {
  const auto& presented = context->request.presented;
  bool anyone = !presented.session_cookie.empty() || !presented.bearer_token.empty();
  if (anyone) {
    auto ended = context->deps().users.log_out(presented);
    // A login that had already ended is as good as one that ends now.
    if (!ended && ended.error().status != 401) return context->fail(ended.error());
  }
  auto made = json_reply(200, {{"status", "ok"}});
  made.headers.emplace_back("Set-Cookie",
                            session_field("", std::chrono::seconds(0), context->request.secure));
  context->answer(std::move(made));
}

void me(const context_ptr& context) {
  context->answer(200, as_json(context->who));
}

void change_password_now(const context_ptr& context) {
  auto body = json_body(context->request);
  if (!body) return context->fail(body.error());
  auto current = string_field(*body, "current_password");
  if (!current) return context->fail(current.error());
  auto next = string_field(*body, "new_password");
  if (!next) return context->fail(next.error());
  // Somebody at a screen that was left alone may try the password here, too.
  const auto& client = context->request.client;
  auto attempt = context->server->logins->begin(context->who.user, client);
  if (!attempt) return context->fail(attempt.error());
  auto begun = context->deps().users.change_password(context->who, *current, *next);
  if (!begun) {
    if (begun.error().status == 403) {
      log_failed_login(client, context->who.user);
      attempt->failed();
    }
    return context->fail(begun.error());
  }
  attempt->succeeded();
  auto made = json_reply(200, {{"status", "ok"}});
  if (*begun) add_session_cookie(made, *context, (*begun)->session_cookie);
  context->answer(std::move(made));
}

void change_password(const context_ptr& context) {
  auto counted = context->server->logins->count_attempt(context->request.client);
  if (!counted) return context->fail(counted.error());
  on_password_worker(context, change_password_now);
}

constexpr route routes_of_auth[] = {
    {"GET", "/api/setup/status", needs::worker, setup_status},
    {"POST", "/api/setup", needs::worker, setup},
    {"POST", "/api/auth/login", needs::nothing, log_in},
    {"POST", "/api/auth/logout", needs::worker, log_out},
    {"GET", "/api/me", needs::login, me},
    {"PUT", "/api/me/password", needs::login, change_password},
};

}  // namespace

std::span<const route> auth_routes() {
  return routes_of_auth;
}

}  // namespace spillway::net
