// What a page of another origin may have a visitor's browser do.
#include <gtest/gtest.h>

#include "net/fakes.hpp"

namespace spillway::net::testing {
namespace {

class a_foreign_page : public ::testing::Test {
 protected:
  int status(std::string_view method, std::string_view target, std::string_view origin,
             std::string_view body = {}) {
    auto fields = "Origin: " + std::string(origin) +
                  "\r\nCookie: session=admin\r\nContent-Type: text/plain\r\n";
    return ask(server.port(), plain_request(method, target, fields, body)).status;
  }
  /// As `plain_request` names the server.
  static constexpr const char* own = "http://spillway.test";

  test_server server;
};

TEST_F(a_foreign_page, changes_nothing_with_the_visitors_cookie) {
  constexpr const char* deploy = R"({"name":"shop","compose":"c2VydmljZXM6IHt9Cg==","force":true})";
  constexpr const char* user = R"({"username":"bob","password":"long enough","role":"viewer"})";
  // The same site, as far as SameSite goes: another port, another scheme, a neighbour's name.
  for (const char* origin : {"http://spillway.test:3000", "https://spillway.test",
                             "http://evil.spillway.test", "http://evil.test", "null"}) {
    EXPECT_EQ(status("POST", "/api/apps/deploy", origin, deploy), 403) << origin;
    EXPECT_EQ(status("POST", "/api/users", origin, user), 403) << origin;
    EXPECT_EQ(status("POST", "/api/apps/shop/stop", origin), 403) << origin;
    EXPECT_EQ(status("DELETE", "/api/apps/shop", origin), 403) << origin;
    EXPECT_EQ(status("PUT", "/api/users/1/role", origin, R"({"role":"viewer"})"), 403) << origin;
    EXPECT_EQ(status("POST", "/api/setup", origin, user), 403) << origin;
    EXPECT_EQ(status("POST", "/api/auth/login", origin, user), 403) << origin;
  }
  EXPECT_TRUE(server.gateway.runs.empty());
  EXPECT_TRUE(server.accounts.done().empty());
}

TEST_F(a_foreign_page, of_our_own_origin_is_none) {
  EXPECT_EQ(status("POST", "/api/apps/shop/stop", own), 202);
  EXPECT_EQ(status("PUT", "/api/users/1/role", own, R"({"role":"viewer"})"), 200);
}

TEST_F(a_foreign_page, that_is_allowed_may_do_what_its_visitor_may) {
  config::settings settings;
  settings.allowed_origins = {"https://dashboard.test"};
  test_server allowing(settings);
  auto fields = "Origin: https://dashboard.test\r\nCookie: session=admin\r\n";
  EXPECT_EQ(ask(allowing.port(), plain_request("POST", "/api/apps/shop/stop", fields)).status, 202);
}

TEST_F(a_foreign_page, may_ask_for_what_it_cannot_read) {
  EXPECT_EQ(status("GET", "/api/apps", "http://evil.test"), 200);
}

}  // namespace
}  // namespace spillway::net::testing
