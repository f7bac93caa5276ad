// Every route, for everyone who may ask.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "net/fakes.hpp"
#include "net/router.hpp"

namespace spillway::net::testing {
namespace {

struct access_row {
  const char* method;
  const char* pattern;
  /// What `stranger`, `viewer`, `manager` and `admin` get; nobody always gets `nobody`.
  int nobody;
  int stranger;
  int viewer;
  int manager;
  int admin;
  const char* body = "";
};

constexpr const char* login_body = R"({"username":"ann","password":"right"})";
constexpr const char* setup_body = R"({"username":"ann","password":"long enough"})";
constexpr const char* password_body =
    R"({"current_password":"right","new_password":"long enough"})";
constexpr const char* user_body = R"({"username":"bob","password":"long enough","role":"viewer"})";
constexpr const char* deploy_body =
    R"({"name":"shop","compose":"c2VydmljZXM6IHt9Cg==","force":true})";

const access_row access_rows[] = {
    {"GET", "/api/health", 200, 200, 200, 200, 200},
    {"GET", "/api/system/process-logs", 401, 403, 403, 403, 200},
    {"GET", "/api/setup/status", 200, 200, 200, 200, 200},
    {"POST", "/api/setup", 201, 201, 201, 201, 201, setup_body},
    {"POST", "/api/auth/login", 200, 200, 200, 200, 200, login_body},
    {"POST", "/api/auth/logout", 200, 200, 200, 200, 200},
    {"GET", "/api/me", 401, 200, 200, 200, 200},
    {"GET", "/api/apps", 401, 200, 200, 200, 200},
    {"GET", "/api/apps/{slug}", 401, 404, 200, 200, 200},
    {"GET", "/api/apps/{slug}/services", 401, 404, 200, 200, 200},
    {"GET", "/api/apps/{slug}/events", 401, 404, 200, 200, 200},
    {"GET", "/api/apps/{slug}/deploys/{id}/log", 401, 404, 200, 200, 200},
    {"POST", "/api/apps/deploy", 401, 403, 403, 201, 201, deploy_body},
    {"POST", "/api/apps/{slug}/pull", 401, 404, 403, 202, 202},
    {"POST", "/api/apps/{slug}/restart", 401, 404, 403, 202, 202},
    {"POST", "/api/apps/{slug}/stop", 401, 404, 403, 202, 202},
    {"POST", "/api/apps/{slug}/start", 401, 404, 403, 202, 202},
    {"POST", "/api/apps/{slug}/scale", 401, 404, 403, 202, 202, R"({"scales":{"web":3}})"},
    {"POST", "/api/apps/{slug}/rollback", 401, 404, 403, 202, 202, R"({"version_id":1})"},
    {"GET", "/api/apps/{slug}/versions", 401, 404, 200, 200, 200},
    // Of no version, but in vain only for those who may.
    {"GET", "/api/apps/{slug}/versions/{id}", 401, 404, 403, 404, 404},
    {"POST", "/api/apps/{slug}/cancel", 401, 404, 403, 409, 409},
    {"DELETE", "/api/apps/{slug}", 401, 404, 403, 403, 202},
    {"GET", "/api/apikeys", 401, 200, 200, 200, 200},
    {"POST", "/api/apikeys", 401, 201, 201, 201, 201, R"({"name":"laptop"})"},
    {"DELETE", "/api/apikeys/{id}", 401, 404, 404, 404, 404},
    {"PUT", "/api/me/password", 401, 200, 200, 200, 200, password_body},
    {"GET", "/api/users", 401, 403, 403, 403, 200},
    {"POST", "/api/users", 401, 403, 403, 403, 201, user_body},
    {"DELETE", "/api/users/{id}", 401, 403, 403, 403, 404},
    {"PUT", "/api/users/{id}/role", 401, 403, 403, 403, 404, R"({"role":"manage"})"},
    {"PUT", "/api/users/{id}/password", 401, 403, 403, 403, 404, R"({"password":"long enough"})"},
    {"GET", "/api/users/{id}/access", 401, 403, 403, 403, 404},
    {"POST", "/api/users/{id}/access", 401, 403, 403, 403, 404, R"({"app_slug":"shop"})"},
    {"DELETE", "/api/users/{id}/access/{mentioned}", 401, 403, 403, 403, 404},
    {"GET", "/api/system/audit", 401, 403, 403, 403, 200},
    {"GET", "/api/system/streams", 401, 403, 403, 403, 200},
    // There are none in this server, as only those learn who may.
    {"GET", "/metrics", 401, 403, 403, 403, 404},
    {"GET", "/", 200, 200, 200, 200, 200},
    {"GET", "/assets/{id}", 404, 404, 404, 404, 404},
};

std::string fill(std::string pattern) {
  for (const auto& [hole, name] :
       {std::pair{"{slug}", "shop"}, std::pair{"{id}", "d1"}, std::pair{"{mentioned}", "absent"}}) {
    auto at = pattern.find(hole);
    if (at != std::string::npos) pattern.replace(at, std::string_view(hole).size(), name);
  }
  return pattern;
}

TEST(routes, have_each_a_row_in_this_table) {
  for (const auto& each : all_routes()) {
    bool listed =
        std::any_of(std::begin(access_rows), std::end(access_rows), [&](const access_row& row) {
          return row.method == each.method && row.pattern == each.pattern;
        });
    EXPECT_TRUE(listed) << each.method << " " << each.pattern;
  }
  EXPECT_EQ(all_routes().size(), std::size(access_rows));
}

TEST(routes, answer_each_caller_as_their_role_and_grants_say) {
  config::settings settings;
  settings.auth.login_attempts = {100, std::chrono::hours(1)};
  test_server server(settings);
  for (const auto& row : access_rows) {
    const std::pair<const char*, int> callers[] = {
        {"", row.nobody},       {"wrong", row.nobody},    {"stranger", row.stranger},
        {"viewer", row.viewer}, {"manager", row.manager}, {"admin", row.admin}};
    for (const auto& [caller, status] : callers) {
      auto answer = server.send(row.method, fill(row.pattern), caller, row.body);
      EXPECT_EQ(answer.status, status) << row.method << " " << row.pattern << " as " << caller;
      EXPECT_EQ(answer.fields["x-content-type-options"], "nosniff");
      EXPECT_EQ(answer.fields["cache-control"], "no-store");
      // No page of another origin may read an answer.
      EXPECT_FALSE(answer.fields.contains("access-control-allow-origin"));
      if (status >= 400) {
        auto body = nlohmann::json::parse(answer.body, nullptr, false);
        EXPECT_TRUE(body.is_object() && body.value("error", "") != "") << answer.body;
      }
    }
  }
}

TEST(streams, open_for_each_caller_as_their_role_and_grants_say) {
  struct stream_row {
    const char* target;
    unsigned nobody, stranger, viewer, manager, admin;
  };
  const stream_row streams[] = {
      {"/api/apps/shop/logs", 401, 404, 101, 101, 101},
      {"/api/apps/shop/deploy-logs", 401, 404, 101, 101, 101},
      {"/api/apps/secret/logs", 401, 404, 404, 404, 101},
      {"/api/apps/secret/deploy-logs", 401, 404, 404, 404, 101},
      // Granted, but there is no such app; and neither granted nor there.
      {"/api/apps/ghost/logs", 401, 404, 404, 404, 404},
      {"/api/apps/absent/logs", 401, 404, 404, 404, 404},
      {"/api/system/process-logs/stream", 401, 403, 403, 403, 101},
  };
  test_server server;
  for (const auto& row : streams) {
    const std::pair<const char*, unsigned> callers[] = {
        {"", row.nobody},       {"wrong", row.nobody},    {"stranger", row.stranger},
        {"viewer", row.viewer}, {"manager", row.manager}, {"admin", row.admin}};
    for (const auto& [caller, status] : callers) {
      auto more = *caller == '\0' ? "" : bearer(caller);
      auto answer = ask(server.port(), upgrade_request(row.target, more));
      EXPECT_EQ(answer.status, static_cast<int>(status)) << row.target << " as " << caller;
    }
  }
}

TEST(routes, hide_an_app_that_is_not_granted_like_one_that_does_not_exist) {
  test_server server;
  for (const auto& row : access_rows) {
    std::string path = row.pattern;
    auto at = path.find("{slug}");
    if (at == std::string::npos) continue;
    auto hidden = fill(std::string(path).replace(at, 6, "secret"));
    auto absent = fill(std::string(path).replace(at, 6, "absent"));
    for (auto caller : {"viewer", "manager"}) {
      auto one = server.send(row.method, hidden, caller, row.body);
      auto other = server.send(row.method, absent, caller, row.body);
      EXPECT_EQ(one.status, 404) << hidden;
      EXPECT_EQ(one.body, R"({"error":"not found"})");
      EXPECT_EQ(other.status, one.status) << absent;
      EXPECT_EQ(other.body, one.body);
      EXPECT_EQ(other.fields, one.fields);
    }
    EXPECT_EQ(server.send(row.method, absent, "admin", row.body).status, 404) << absent;
  }
}

TEST(routes, take_the_session_cookie_as_well) {
  test_server server;
  auto request = plain_request("GET", "/api/me", "Cookie: session=manager\r\n");
  EXPECT_EQ(ask(server.port(), request).body, R"({"username":"manager","role":"manage"})");
}

}  // namespace
}  // namespace spillway::net::testing
