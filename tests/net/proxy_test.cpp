// A server behind a reverse proxy, and one that somebody else wants to deceive with its fields.
#include <gtest/gtest.h>

#include "net/fakes.hpp"
#include "net/log_capture.hpp"

namespace spillway::net::testing {
namespace {

/// The proxy is 127.0.0.1; 127.0.0.2 is anyone.
class behind_a_proxy : public ::testing::Test {
 protected:
  static constexpr const char* anyone = "127.0.0.2";

  static config::settings settings() {
    config::settings settings;
    settings.trusted_proxies = {*config::address_range::parse("127.0.0.1")};
    return settings;
  }
  http_answer log_in(const std::string& fields, const char* from = "127.0.0.1",
                     const char* password = "right", transport over = transport::plain) {
    auto body = R"({"username":"ann","password":")" + std::string(password) + "\"}";
    auto request = plain_request("POST", "/api/auth/login", fields, body);
    return ask((over == transport::plain ? server : tls_server()).port(), request, over, from);
  }
  test_server& tls_server() {
    if (!over_tls) {
      over_tls.emplace(settings(), 512, std::chrono::seconds(5), transport::tls);
    }
    return *over_tls;
  }
  static bool secure(http_answer answer) {
    EXPECT_EQ(answer.status, 200);
    return answer.fields["set-cookie"].ends_with("; Secure");
  }
  /// True where it is served, false where it is closed for its origin.
  bool stream_opens(const std::string& origin, const std::string& fields,
                    const char* target = "/api/apps/shop/logs", const char* from = "127.0.0.1") {
    raw_client client(server.port(), 0, transport::plain, from);
    client.send(upgrade_request(target, bearer("admin") + fields + "Origin: " + origin + "\r\n"));
    EXPECT_EQ(client.read_answer().status, 101);
    // An open stream answers this close; one that is refused was closed before.
    client.send(client_close(1000));
    auto end = client.read_close();
    if (!end || end->code == 1000) return end.has_value();
    EXPECT_EQ(end, (ws_close{1008, "origin not allowed"}));
    return false;
  }

  test_server server{settings()};
  std::optional<test_server> over_tls;
};

const std::string by_https = "X-Forwarded-Proto: https\r\n";
const std::string as_dash = "X-Forwarded-Host: dash.test\r\n";

TEST_F(behind_a_proxy, the_cookie_is_for_tls_alone_where_the_proxy_says_so) {
  EXPECT_TRUE(secure(log_in(by_https)));
  EXPECT_FALSE(secure(log_in("")));
  EXPECT_FALSE(secure(log_in("X-Forwarded-Proto: http\r\n")));
  EXPECT_FALSE(secure(log_in("X-Forwarded-Proto: https, http\r\n")));
  EXPECT_FALSE(secure(log_in(by_https, anyone))) << "not everyone is a proxy";
  auto out = ask(server.port(), plain_request("POST", "/api/auth/logout", by_https));
  EXPECT_TRUE(secure(out));
}

TEST_F(behind_a_proxy, its_word_goes_before_our_own_tls) {
  EXPECT_TRUE(secure(log_in("", "127.0.0.1", "right", transport::tls)));
  EXPECT_FALSE(secure(log_in("X-Forwarded-Proto: http\r\n", "127.0.0.1", "right", transport::tls)));
  EXPECT_TRUE(secure(log_in("X-Forwarded-Proto: http\r\n", anyone, "right", transport::tls)));
}

TEST_F(behind_a_proxy, pages_are_of_the_same_origin_by_the_host_and_scheme_that_it_saw) {
  for (auto target :
       {"/api/apps/shop/logs", "/api/apps/shop/deploy-logs", "/api/system/process-logs/stream"}) {
    EXPECT_TRUE(stream_opens("https://dash.test", by_https + as_dash, target));
    EXPECT_FALSE(stream_opens("http://dash.test", by_https + as_dash, target));
    EXPECT_FALSE(stream_opens("https://spillway.test", by_https + as_dash, target));
    EXPECT_FALSE(stream_opens("https://evil.test", by_https + as_dash, target));
  }
  EXPECT_TRUE(stream_opens("https://spillway.test", by_https)) << "a proxy may keep the Host field";
  EXPECT_TRUE(stream_opens("https://dash.test:8443",
                           by_https + "X-Forwarded-Host: evil.test, dash.test:8443\r\n"));
  EXPECT_FALSE(stream_opens("https://evil.test", by_https + "X-Forwarded-Host: nonsense/x\r\n"));
}

TEST_F(behind_a_proxy, nobody_else_chooses_the_host_or_the_scheme) {
  EXPECT_FALSE(stream_opens("http://evil.test", "X-Forwarded-Host: evil.test\r\n",
                            "/api/apps/shop/logs", anyone));
  EXPECT_FALSE(stream_opens("https://spillway.test", by_https, "/api/apps/shop/logs", anyone));
  EXPECT_TRUE(
      stream_opens("http://spillway.test", by_https + as_dash, "/api/apps/shop/logs", anyone));
}

TEST_F(behind_a_proxy, fields_that_differ_are_refused_and_a_strangers_are_not_even_read) {
  const auto twice = by_https + "X-Forwarded-Proto: http\r\n";
  auto refused = ask(server.port(), plain_request("GET", "/api/health", twice));
  EXPECT_EQ(refused.status, 400);
  EXPECT_EQ(refused.body, R"({"error":"two X-Forwarded-Proto fields differ"})");
  auto hosts = as_dash + "X-Forwarded-Host: evil.test\r\n";
  EXPECT_EQ(ask(server.port(), upgrade_request("/api/apps/shop/logs", hosts)).status, 400);
  auto strange = plain_request("GET", "/api/health", twice + hosts);
  EXPECT_EQ(ask(server.port(), strange, transport::plain, anyone).status, 200);
}

TEST_F(behind_a_proxy, logins_are_counted_and_logged_by_the_client_that_it_names) {
  log_capture log;
  auto wrong = [&](const std::string& client, const char* from = "127.0.0.1") {
    return log_in("X-Forwarded-For: 9.9.9.9, " + client + "\r\n", from, "wrong").status;
  };
  for (int i = 0; i < 5; ++i) EXPECT_EQ(wrong("203.0.113.7"), 401);
  EXPECT_EQ(wrong("203.0.113.7"), 429);
  EXPECT_EQ(wrong("203.0.113.8"), 401);
  EXPECT_EQ(wrong("203.0.113.7", anyone), 401) << "who is no proxy counts as themselves";
  EXPECT_EQ(log.starting_with("warning [auth] failed login from 203.0.113.7 as ann").size(), 5u);
  EXPECT_EQ(log.starting_with("warning [auth] failed login from 203.0.113.8 as ann").size(), 1u);
  EXPECT_EQ(log.starting_with("warning [auth] failed login from 127.0.0.2 as ann").size(), 1u);
  EXPECT_FALSE(log.mentions("9.9.9.9"));
}

}  // namespace
}  // namespace spillway::net::testing
