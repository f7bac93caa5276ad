// Users, their own passwords, and the audit, through REST.
#include <gtest/gtest.h>

#include <future>
#include <thread>

#include "net/fakes.hpp"
#include "net/password_queue.hpp"

namespace spillway::net::testing {
namespace {

class users_rest : public ::testing::Test {
 protected:
  http_answer admin(std::string_view method, std::string_view target, std::string_view body = {}) {
    return server.send(method, target, "admin", body);
  }
  std::vector<std::string> done() { return server.accounts.done(); }

  test_server server;
};

TEST_F(users_rest, lists_users_without_what_proves_them) {
  EXPECT_EQ(admin("GET", "/api/users").body,
            R"([{"id":1,"username":"ann","role":"viewer","created_at":"then","apps":["shop"]},)"
            R"({"id":2,"username":"root","role":"super_admin","created_at":"before","apps":[]}])");
}

TEST_F(users_rest, creates_a_user) {
  auto made =
      admin("POST", "/api/users", R"({"username":"bob","password":"long enough","role":"manage"})");
  EXPECT_EQ(made.status, 201);
  EXPECT_EQ(made.body, R"({"id":3,"username":"bob","role":"manage","created_at":"now","apps":[]})");
  EXPECT_EQ(
      admin("POST", "/api/users", R"({"username":"ann","password":"long enough","role":"viewer"})")
          .status,
      409);
}

TEST_F(users_rest, does_nothing_for_an_admin_whose_right_ended_while_others_hashed_passwords) {
  std::promise<void> release;
  server.users.hold_login = release.get_future();
  std::vector<std::future<http_answer>> hashing;
  for (std::size_t i = 0; i < password_queue::max_running; ++i) {
    hashing.push_back(std::async(std::launch::async, [&] {
      return server.send("POST", "/api/auth/login", "", R"({"username":"a","password":"right"})");
    }));
  }
  const auto end = std::chrono::steady_clock::now() + patience;
  const auto wait_for = [&](const std::atomic<int>& count, int value) {
    while (count < value && std::chrono::steady_clock::now() < end) std::this_thread::yield();
  };
  wait_for(server.users.logins, static_cast<int>(password_queue::max_running));
  auto password = std::async(std::launch::async, [&] {
    return admin("PUT", "/api/users/1/password", R"({"password":"long enough"})");
  });
  wait_for(server.users.asked, 1);
  server.users.all_revoked = true;
  release.set_value();
  EXPECT_EQ(password.get().status, 401);
  EXPECT_TRUE(done().empty());
}

TEST_F(users_rest, says_what_is_wrong_with_a_new_user) {
  auto role =
      admin("POST", "/api/users", R"({"username":"bob","password":"long enough","role":"root"})");
  EXPECT_EQ(role.status, 400);
  EXPECT_EQ(role.body, R"({"error":"role must be super_admin, manage or viewer"})");
  for (auto body : {"", "[]", R"({"username":"bob","role":"viewer"})",
                    R"({"password":"long enough","role":"viewer"})",
                    R"({"username":"bob","password":"long enough"})",
                    R"({"username":"bob","password":"short","role":"viewer"})",
                    R"({"username":["bob"],"password":"long enough","role":"viewer"})"}) {
    EXPECT_EQ(admin("POST", "/api/users", body).status, 400) << body;
  }
}

TEST_F(users_rest, changes_and_removes_a_user) {
  EXPECT_EQ(admin("PUT", "/api/users/1/role", R"({"role":"manage"})").body, R"({"status":"ok"})");
  EXPECT_EQ(admin("PUT", "/api/users/1/password", R"({"password":"long enough"})").status, 200);
  EXPECT_EQ(admin("DELETE", "/api/users/1").status, 200);
  EXPECT_EQ(done(), (std::vector<std::string>{"1 role manage", "1 password", "1 remove"}));
  EXPECT_EQ(admin("PUT", "/api/users/2/role", R"({"role":"viewer"})").status, 409);
  EXPECT_EQ(admin("PUT", "/api/users/1/role", R"({"role":""})").status, 400);
  EXPECT_EQ(admin("PUT", "/api/users/1/password", R"({"password":"short"})").status, 400);
}

TEST_F(users_rest, grants_and_revokes_an_app) {
  EXPECT_EQ(admin("GET", "/api/users/1/access").body, R"(["shop"])");
  EXPECT_EQ(admin("GET", "/api/users/2/access").body, "[]");
  EXPECT_EQ(admin("POST", "/api/users/1/access", R"({"app_slug":"secret"})").body,
            R"({"status":"ok"})");
  EXPECT_EQ(admin("DELETE", "/api/users/1/access/shop").status, 200);
  // What was granted stays revocable after the app has gone.
  EXPECT_EQ(admin("DELETE", "/api/users/1/access/absent").status, 200);
  EXPECT_EQ(done(),
            (std::vector<std::string>{"1 grant secret", "1 revoke shop", "1 revoke absent"}));
}

TEST_F(users_rest, refuses_to_grant_what_is_no_app) {
  EXPECT_EQ(admin("POST", "/api/users/1/access", R"({"app_slug":"absent"})").status, 404);
  for (auto body : {R"({"app_slug":"../etc"})", R"({"app_slug":""})", R"({"app_slug":7})", "{}"}) {
    EXPECT_EQ(admin("POST", "/api/users/1/access", body).status, 400) << body;
  }
  EXPECT_TRUE(done().empty());
}

TEST_F(users_rest, does_not_know_a_user_whose_id_is_no_number_or_nobodys) {
  for (auto id : {"x", "1x", "9", "99999999999999999999"}) {
    EXPECT_EQ(admin("DELETE", "/api/users/" + std::string(id)).status, 404) << id;
    EXPECT_EQ(admin("GET", "/api/users/" + std::string(id) + "/access").status, 404) << id;
    EXPECT_EQ(admin("DELETE", "/api/apikeys/" + std::string(id)).status, 404) << id;
  }
  EXPECT_TRUE(done().empty());
}

TEST_F(users_rest, changes_the_callers_password_and_goes_on_with_a_new_cookie) {
  auto changed = server.send("PUT", "/api/me/password", "viewer",
                             R"({"current_password":"right","new_password":"long enough"})");
  EXPECT_EQ(changed.status, 200);
  EXPECT_EQ(changed.fields["set-cookie"],
            "session=new-cookie; HttpOnly; SameSite=Strict; Path=/; Max-Age=86400");
  auto wrong = server.send("PUT", "/api/me/password", "viewer",
                           R"({"current_password":"wrong","new_password":"long enough"})");
  EXPECT_EQ(wrong.status, 403);
  EXPECT_FALSE(wrong.fields.contains("set-cookie"));
  for (auto body : {"", R"({"new_password":"long enough"})", R"({"current_password":"right"})",
                    R"({"current_password":"right","new_password":"short"})"}) {
    EXPECT_EQ(server.send("PUT", "/api/me/password", "viewer", body).status, 400) << body;
  }
}

TEST_F(users_rest, makes_an_api_key_that_ends_where_that_is_asked_for) {
  auto ends = server.send("POST", "/api/apikeys", "viewer", R"({"name":"ci","expires":"90d"})");
  EXPECT_EQ(ends.body, R"({"id":2,"name":"ci","key":"sd_ends"})");
  auto stays = server.send("POST", "/api/apikeys", "viewer", R"({"name":"ci","expires":null})");
  EXPECT_EQ(stays.body, R"({"id":2,"name":"ci","key":"sd_secret"})");
  for (auto bad : {R"("")", R"("0s")", R"("soon")", R"("-1d")", R"("40000d")", "7", "[]"}) {
    auto body = R"({"name":"ci","expires":)" + std::string(bad) + "}";
    EXPECT_EQ(server.send("POST", "/api/apikeys", "viewer", body).status, 400) << bad;
  }
}

TEST_F(users_rest, tells_who_watched_what) {
  EXPECT_EQ(admin("GET", "/api/system/audit").body,
            R"([{"id":8,"user":"ann","credential":"login:1","address":"::1",)"
            R"("stream":"process-logs","app":null,"detail":null,)"
            R"("opened_at":"2023-11-14T22:13:20.000Z","closed_at":null,"duration_ms":null,)"
            R"("code":null,"reason":null,"lines":null,"bytes":null},)"
            R"({"id":7,"user":"ann","credential":"token:3","address":"192.0.2.7",)"
            R"("stream":"logs","app":"shop","detail":"web",)"
            R"("opened_at":"2023-11-14T22:13:20.000Z","closed_at":"2023-11-14T22:13:22.500Z",)"
            R"("duration_ms":2500,"code":1008,"reason":"access ended","lines":12,"bytes":345}])");
  EXPECT_EQ(server.audit.asked.limit, 100u);
  EXPECT_FALSE(server.audit.asked.user);
}

TEST_F(users_rest, pages_and_filters_the_audit) {
  admin("GET", "/api/system/audit?limit=7&before=12&user=ann%40example.org&app=shop");
  EXPECT_EQ(server.audit.asked.limit, 7u);
  EXPECT_EQ(server.audit.asked.before, 12u);
  EXPECT_EQ(server.audit.asked.user, "ann@example.org");
  EXPECT_EQ(server.audit.asked.app, "shop");
  admin("GET", "/api/system/audit?limit=999999&before=18446744073709551615");
  EXPECT_EQ(server.audit.asked.limit, 1'000u);
  for (auto bad : {"limit=0", "limit=x", "before=-1", "before=1x", "user=%zz", "app=%"}) {
    EXPECT_EQ(admin("GET", "/api/system/audit?" + std::string(bad)).status, 400) << bad;
  }
}

}  // namespace
}  // namespace spillway::net::testing
