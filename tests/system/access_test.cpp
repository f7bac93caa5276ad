// Who may see what: set-up, logins, tokens, roles, grants.
#include "system/fixture.hpp"

namespace spillway::system_test {
namespace {

class access : public on_one_server<access> {
 public:
  static setting_values settings() {
    return {{"deploy.start_wait", "20ms"},
            {"docker.compose_command", stand_in().setting()},
            {"allowed_origins", "[\"https://dashboard.example\"]"}};
  }

 protected:
  static compose_stand_in& stand_in() {
    static compose_stand_in instance;
    return instance;
  }

  static std::string app_on_disk() {
    const auto slug = new_slug("folder");
    std::filesystem::create_directories(spillway().app_folder(slug));
    std::ofstream(spillway().app_folder(slug) / "docker-compose.yml") << web_app("true");
    return slug;
  }

  static void grant(const std::string& user, const std::string& slug) {
    const auto done = spillway().command_line({"user", "grant", user, slug});
    ASSERT_EQ(done.exit_code, 0) << done.standard_error;
  }

  static http_response log_in(const std::string& user, const std::string& password) {
    return spillway().nobody().post("/api/auth/login",
                                    {{"username", user}, {"password", password}});
  }

  static unsigned upgrade(const std::string& target, const http_headers& headers = {}) {
    return viewer(spillway().where(), target, {.headers = headers}).handshake_status();
  }

  static std::unique_ptr<viewer> from_origin(const std::string& origin,
                                             const std::string& authorization) {
    http_headers headers{{"Origin", origin}};
    if (!authorization.empty()) headers["Authorization"] = authorization;
    return std::make_unique<viewer>(spillway().where(), process_log,
                                    viewer_options{.headers = headers});
  }
};

TEST_F(access, set_up_works_once) {
  EXPECT_EQ(spillway().nobody().get("/api/setup/status").json(),
            (nlohmann::json{{"needs_setup", false}}));
  const auto again =
      spillway().nobody().post("/api/setup", {{"username", "second"}, {"password", "long enough"}});
  EXPECT_EQ(again.status, 409U);
  EXPECT_TRUE(again.json().contains("error"));
}

TEST_F(access, a_login_cookie_opens_rest_and_streams_until_logout) {
  const auto session = log_in(admin_name, admin_password);
  ASSERT_EQ(session.status, 200U) << session.body;
  EXPECT_EQ(session.json(), (nlohmann::json{{"username", admin_name}, {"role", "super_admin"}}));
  const auto cookie = session.header("set-cookie");
  EXPECT_TRUE(cookie.starts_with("session=")) << cookie;
  for (const auto* part : {"HttpOnly", "SameSite=Strict", "Path=/", "Max-Age="})
    EXPECT_NE(cookie.find(part), std::string::npos) << cookie;
  EXPECT_EQ(cookie.find("Secure"), std::string::npos) << "not over TLS";

  const http_headers mine{{"Cookie", "theme=dark; " + cookie.substr(0, cookie.find(';'))}};
  EXPECT_EQ(spillway().nobody().get("/api/me", mine).json()["username"], admin_name);
  EXPECT_EQ(upgrade(process_log, mine), 101U);
  EXPECT_EQ(spillway().nobody().send("POST", "/api/auth/logout", "", mine).status, 200U);
  EXPECT_EQ(spillway().nobody().get("/api/me", mine).status, 401U);
  EXPECT_EQ(upgrade(process_log, mine), 401U);
}

TEST_F(access, a_wrong_password_and_an_unknown_user_get_the_same_answer) {
  const auto wrong = log_in(admin_name, "not the password");
  const auto unknown = log_in("nobody-of-that-name", "not the password");
  EXPECT_EQ(wrong.status, 401U);
  EXPECT_EQ(unknown.status, 401U);
  EXPECT_EQ(wrong.body, unknown.body);
}

TEST_F(access, without_good_credentials_everything_but_health_is_401) {
  const auto slug = app_on_disk();
  EXPECT_EQ(spillway().nobody().get("/api/health").status, 200U);
  for (const auto& target : {std::string("/api/apps"), "/api/apps/" + slug, std::string("/api/me"),
                             std::string("/api/system/process-logs")}) {
    EXPECT_EQ(spillway().nobody().get(target).status, 401U) << target;
    EXPECT_EQ(spillway().as("sd_no-such-token").get(target).status, 401U) << target;
  }
  for (const auto& target : {deploy_logs(slug), logs(slug), process_log, logs("no-such-app")}) {
    EXPECT_EQ(upgrade(target), 401U) << target;
    EXPECT_EQ(upgrade(target, {{"Authorization", "Bearer sd_no-such-token"}}), 401U) << target;
  }
}

TEST_F(access, a_viewer_made_while_the_server_runs_sees_the_granted_app_alone) {
  const auto granted = app_on_disk();
  const auto hidden = app_on_disk();
  const auto token = spillway().make_user("vera", "viewer");
  grant("vera", granted);
  const auto vera = spillway().as(token);
  EXPECT_EQ(vera.get("/api/me").json(), (nlohmann::json{{"username", "vera"}, {"role", "viewer"}}));
  const auto apps = vera.get("/api/apps").json();
  ASSERT_EQ(apps.size(), 1U) << apps;
  EXPECT_EQ(apps[0]["Slug"], granted);
  EXPECT_GE(spillway().admin().get("/api/apps").json().size(), 2U);

  const auto of_hidden = vera.get("/api/apps/" + hidden);
  EXPECT_EQ(of_hidden.status, 404U);
  EXPECT_EQ(of_hidden.body, vera.get("/api/apps/no-such-app").body);
  const http_headers bearer{{"Authorization", "Bearer " + token}};
  EXPECT_EQ(upgrade(deploy_logs(granted), bearer), 101U);
  EXPECT_EQ(upgrade(deploy_logs(hidden), bearer), 404U);
  EXPECT_EQ(upgrade(logs(hidden), bearer), 404U);
  EXPECT_EQ(upgrade(logs("no-such-app"), bearer), 404U);
}

TEST_F(access, the_right_app_with_too_low_a_role_is_403) {
  const auto slug = app_on_disk();
  const auto token = spillway().make_user("leo", "viewer");
  grant("leo", slug);
  const auto leo = spillway().as(token);
  for (const std::string action : {"restart", "stop", "start", "pull", "cancel"})
    EXPECT_EQ(leo.post("/api/apps/" + slug + "/" + action).status, 403U) << action;
  EXPECT_EQ(leo.remove("/api/apps/" + slug).status, 403U);
  EXPECT_EQ(
      leo.post("/api/apps/deploy", {{"name", "new"}, {"compose", base64(web_app("true"))}}).status,
      403U);
  EXPECT_EQ(leo.get("/api/system/process-logs").status, 403U);
  EXPECT_EQ(upgrade(process_log, {{"Authorization", "Bearer " + token}}), 403U);
}

TEST_F(access, a_manager_acts_on_granted_apps_but_makes_and_deletes_none) {
  const auto slug = app_on_disk();
  stand_in().script(spillway().project(slug), "true");
  const auto token = spillway().make_user("mira", "manage");
  grant("mira", slug);
  const auto mira = spillway().as(token);
  EXPECT_EQ(mira.post("/api/apps/" + slug + "/restart").status, 202U);
  EXPECT_EQ(mira.remove("/api/apps/" + slug).status, 403U);
  EXPECT_EQ(
      mira.post("/api/apps/deploy", {{"name", "new"}, {"compose", base64(web_app("true"))}}).status,
      403U);
}

TEST_F(access, an_api_key_works_until_it_is_deleted) {
  const auto made = spillway().admin().post("/api/apikeys", {{"name", "laptop"}});
  ASSERT_EQ(made.status, 201U) << made.body;
  const auto key = made.json().value("key", "");
  EXPECT_TRUE(key.starts_with("sd_"));
  EXPECT_EQ(spillway().as(key).get("/api/me").status, 200U);
  EXPECT_EQ(spillway().admin().get("/api/apikeys").body.find(key), std::string::npos);
  const auto id = made.json()["id"];
  const auto text = id.is_string() ? id.get<std::string>() : id.dump();
  EXPECT_LT(spillway().admin().remove("/api/apikeys/" + text).status, 300U);
  EXPECT_EQ(spillway().as(key).get("/api/me").status, 401U);
}

TEST_F(access, a_foreign_origin_is_closed_with_1008_before_any_data) {
  for (const auto& authorization : {"Bearer " + spillway().token(), std::string()}) {
    const auto foreign = from_origin("https://evil.example", authorization);
    EXPECT_EQ(foreign->handshake_status(), 101U);
    expect_ending(*foreign, 1008, "origin not allowed");
    EXPECT_EQ(foreign->count(), 0U);
  }
  const auto port = std::to_string(spillway().where().port);
  for (const auto& near : {"https://127.0.0.1:" + port, "http://127.0.0.1:1" + port,
                           "http://127.0.0.1.evil.example:" + port, std::string("null")}) {
    const auto foreign = from_origin(near, "Bearer " + spillway().token());
    expect_ending(*foreign, 1008, "origin not allowed");
    EXPECT_EQ(foreign->count(), 0U) << near;
  }
}

TEST_F(access, the_own_origin_and_an_allowed_one_pass_when_the_credentials_do) {
  const auto bearer = "Bearer " + spillway().token();
  for (const auto& origin :
       {"http://" + spillway().where().authority(), std::string("https://dashboard.example")}) {
    EXPECT_TRUE(from_origin(origin, bearer)->wait_for_count(1)) << origin;
    EXPECT_EQ(from_origin(origin, "")->handshake_status(), 401U) << origin;
  }
}

TEST_F(access, a_plain_request_to_a_stream_is_told_to_upgrade) {
  const auto slug = app_on_disk();
  for (const auto& target : {deploy_logs(slug), logs(slug), process_log}) {
    const auto answer = spillway().admin().get(target);
    EXPECT_EQ(answer.status, 426U) << target;
    EXPECT_EQ(answer.header("upgrade"), "websocket") << target;
  }
}

}  // namespace
}  // namespace spillway::system_test
