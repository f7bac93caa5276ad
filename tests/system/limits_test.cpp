// What one client may take: logins, time for a request; and who a client is behind a proxy.
#include "system/bare_client.hpp"
#include "system/fixture.hpp"

namespace spillway::system_test {
namespace {

http_response log_in(const server& to, const std::string& user, const std::string& password,
                     const http_headers& headers = {}) {
  const nlohmann::json body{{"username", user}, {"password", password}};
  return to.nobody().send("POST", "/api/auth/login", body.dump(), headers);
}

void expect_wait(const http_response& refused, int at_most) {
  EXPECT_EQ(refused.status, 429U) << refused.body;
  const auto seconds = refused.header("retry-after");
  ASSERT_FALSE(seconds.empty());
  EXPECT_GE(std::stoi(seconds), 1);
  EXPECT_LE(std::stoi(seconds), at_most);
  EXPECT_NE(refused.json().value("error", "").find("try again in " + seconds), std::string::npos)
      << refused.body;
}

TEST(login_limits, lock_a_user_out_after_failures_whether_there_is_one_or_not) {
  server spillway({{"auth.login_attempts", "1000/1h"}, {"auth.lockout", "\"3 failures/1h\""}});
  for (const std::string user : {admin_name, "no-such-user"}) {
    for (int i = 0; i < 3; ++i) EXPECT_EQ(log_in(spillway, user, "wrong password").status, 401U);
    expect_wait(log_in(spillway, user, "wrong password"), 3600);
  }
  expect_wait(log_in(spillway, "ADMIN", admin_password), 3600);
  EXPECT_EQ(spillway.admin().get("/api/me").status, 200U) << "tokens and logins go on";
  EXPECT_TRUE(eventually([&] {
    const auto text = spillway.output();
    return text.find("[auth] failed login from 127.0.0.1 as admin") != std::string::npos &&
           text.find("[auth] locked out for 3600s from 127.0.0.1: admin") != std::string::npos;
  }));
  EXPECT_EQ(spillway.output().find("wrong password"), std::string::npos);
  EXPECT_EQ(spillway.output().find(admin_password), std::string::npos);
}

TEST(login_limits, admit_so_many_attempts_of_an_address) {
  server spillway(setting_values{{"auth.login_attempts", "3/1h"}});
  EXPECT_EQ(log_in(spillway, admin_name, admin_password).status, 200U);
  EXPECT_EQ(log_in(spillway, "ann", "wrong password").status, 401U);
  EXPECT_EQ(spillway.nobody().send("POST", "/api/auth/login", "{").status, 400U);
  expect_wait(log_in(spillway, admin_name, admin_password), 3600);
  EXPECT_EQ(spillway.nobody().get("/api/health").status, 200U);
  EXPECT_TRUE(eventually([&] {
    return spillway.output().find("[auth] login from 127.0.0.1 as admin") != std::string::npos;
  }));
}

class behind_a_proxy : public on_one_server<behind_a_proxy> {
 public:
  static setting_values settings() {
    return {{"trusted_proxies", "[127.0.0.1]"}, {"auth.lockout", "\"2 failures/1h\""}};
  }

 protected:
  static std::unique_ptr<viewer> from_origin(const std::string& origin) {
    return spillway().watch(process_log,
                            {.headers = {{"Authorization", "Bearer " + spillway().token()},
                                         {"Origin", origin},
                                         {"X-Forwarded-Proto", "https"},
                                         {"X-Forwarded-Host", "dash.example"}}});
  }
};

TEST_F(behind_a_proxy, the_client_is_who_the_proxy_says) {
  const http_headers of_one{{"X-Forwarded-For", "198.51.100.1, 203.0.113.7"}};
  const http_headers of_another{{"X-Forwarded-For", "[2001:db8::7]:4711"}};
  for (int i = 0; i < 2; ++i)
    EXPECT_EQ(log_in(spillway(), admin_name, "wrong password", of_one).status, 401U);
  expect_wait(log_in(spillway(), admin_name, admin_password, of_one), 3600);
  EXPECT_EQ(log_in(spillway(), admin_name, admin_password, of_another).status, 200U);
  for (const std::string line : {"[auth] failed login from 203.0.113.7 as admin",
                                 "[auth] locked out for 3600s from 203.0.113.7: admin",
                                 "[auth] login from 2001:db8::7 as admin"}) {
    EXPECT_TRUE(eventually([&] { return spillway().output().find(line) != std::string::npos; }))
        << line;
  }
}

TEST_F(behind_a_proxy, the_cookie_is_for_tls_alone_when_the_proxy_speaks_it) {
  const auto cookie_over = [](const std::string& scheme) {
    return log_in(spillway(), admin_name, admin_password, {{"X-Forwarded-Proto", scheme}})
        .header("set-cookie");
  };
  EXPECT_NE(cookie_over("https").find("; Secure"), std::string::npos);
  EXPECT_EQ(cookie_over("http").find("; Secure"), std::string::npos);
}

TEST_F(behind_a_proxy, pages_of_its_own_origin_may_open_streams) {
  EXPECT_TRUE(from_origin("https://dash.example")->wait_for_count(1));
  for (const auto& foreign :
       {std::string("http://dash.example"), std::string("https://evil.example"),
        "http://" + spillway().where().authority()}) {
    const auto refused = from_origin(foreign);
    expect_ending(*refused, 1008, "origin not allowed");
    EXPECT_EQ(refused->count(), 0U) << foreign;
  }
}

TEST(without_a_trusted_proxy, forwarded_fields_are_anyones_and_ignored) {
  server spillway;
  const http_headers forged{{"X-Forwarded-For", "203.0.113.7"},
                            {"X-Forwarded-Proto", "https"},
                            {"X-Forwarded-Host", "evil.example"}};
  const auto session = log_in(spillway, admin_name, admin_password, forged);
  EXPECT_EQ(session.header("set-cookie").find("Secure"), std::string::npos);
  auto headers = forged;
  headers["Authorization"] = "Bearer " + spillway.token();
  headers["Origin"] = "https://evil.example";
  expect_ending(*spillway.watch(process_log, {.headers = headers}), 1008, "origin not allowed");
  EXPECT_TRUE(eventually([&] {
    return spillway.output().find("[auth] login from 127.0.0.1 as admin") != std::string::npos;
  }));
}

class an_impatient_server : public on_one_server<an_impatient_server> {
 public:
  static setting_values settings() { return {{"limits.header_timeout", "500ms"}}; }

 protected:
  /// Sends one byte after the other until the server has closed.
  static void expect_408(const std::string& beginning, std::string_view endless) {
    bare_client client(spillway().where());
    ASSERT_TRUE(client.send(beginning));
    const auto deadline = std::chrono::steady_clock::now() + patience;
    while (std::chrono::steady_clock::now() < deadline && !client.has_input(20)) {
      if (!client.send(endless)) break;
    }
    ASSERT_TRUE(client.has_input(0)) << "every byte gave it more time";
    EXPECT_TRUE(client.receive_all().starts_with("HTTP/1.1 408 "));
  }
};

TEST_F(an_impatient_server, cuts_a_header_that_trickles_in) {
  expect_408("GET /api/health HTTP/1.1\r\nHost: x\r\nX-Slow: ", "x");
}

TEST_F(an_impatient_server, cuts_a_body_that_trickles_in) {
  expect_408("POST /api/auth/login HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\n", " ");
}

TEST_F(an_impatient_server, cuts_a_connection_on_which_nothing_comes) {
  bare_client silent(spillway().where());
  EXPECT_TRUE(silent.wait_for_end());
}

TEST(connections_of_an_address, are_bounded_and_streams_are_none_of_them) {
  server spillway(setting_values{{"limits.max_connections_per_address", "8"}});
  std::vector<std::unique_ptr<viewer>> viewers;
  for (int i = 0; i < 20; ++i) {
    viewers.push_back(spillway.watch(process_log));
    EXPECT_EQ(viewers.back()->handshake_status(), 101U) << i;
  }
  {
    std::vector<std::unique_ptr<bare_client>> idle;
    // Again where an earlier connection has not gone yet.
    while (idle.size() < 8) {
      auto client = std::make_unique<bare_client>(spillway.where());
      ASSERT_TRUE(client->send("GET /api/health HTTP/1.1\r\nHost: x\r\n\r\n"));
      if (client->receive(12) == "HTTP/1.1 200") idle.push_back(std::move(client));
    }
    const auto past = spillway.nobody().get("/api/health");
    EXPECT_EQ(past.status, 429U);
    EXPECT_NE(past.header("retry-after"), "");
  }
  EXPECT_TRUE(eventually([&] { return spillway.nobody().get("/api/health").status == 200U; }));
}

}  // namespace
}  // namespace spillway::system_test
