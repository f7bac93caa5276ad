// What must not be believed of a client that says who it is.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "net/fakes.hpp"

namespace spillway::net::testing {
namespace {

using namespace std::string_literals;

class bad_credentials : public ::testing::Test {
 protected:
  /// Expects the same refusal on REST and on a stream, and that it does not repeat what was sent.
  void expect_refused(int status, const std::string& fields) {
    for (const auto& request :
         {plain_request("GET", "/api/me", fields), upgrade_request("/api/apps/shop/logs", fields),
          plain_request("POST", "/api/apps/deploy", fields, "{}")}) {
      auto answer = ask(server.port(), request);
      EXPECT_EQ(answer.status, status) << fields.substr(0, 200);
      auto body = nlohmann::json::parse(answer.body, nullptr, false);
      EXPECT_TRUE(body.is_object() && body["error"].is_string()) << answer.body;
      for (auto secret : {"s3cret", "admin", "viewer"}) {
        EXPECT_EQ(answer.body.find(secret), std::string::npos) << answer.body;
        for (const auto& [name, value] : answer.fields)
          EXPECT_EQ(value.find(secret), std::string::npos) << name;
      }
    }
  }

  test_server server;
};

std::string authorization(const std::string& value) {
  return "Authorization: " + value + "\r\n";
}

std::string cookie(const std::string& value) {
  return "Cookie: " + value + "\r\n";
}

TEST_F(bad_credentials, that_cannot_be_a_token_are_401_and_no_database_is_asked) {
  const auto good = token_of("admin");
  for (const auto& value : {"Bearer"s,
                            "Bearer "s,
                            ""s,
                            "Bearer s3cret"s,
                            "Bearer sd_s3cret"s,
                            "bearer-" + good,
                            "Bearer" + good,
                            good,
                            "Bearer " + good + " " + good,
                            "Bearer " + good + ", Bearer " + good,
                            "Bearer " + good + "-",
                            "Bearer " + good.substr(0, 45),
                            "Bearer SD_" + good.substr(3),
                            "Bearer xx_" + good.substr(3),
                            "Bearer sd_s3cret+" + std::string(36, 'x'),
                            "Bearer sd_s3cret=" + std::string(36, 'x'),
                            "Bearer sd_s3cret/" + std::string(36, 'x'),
                            "Bearer \"" + good + "\"",
                            "Bearer sd_" + std::string(9'000, 's'),
                            "Basic czNjcmV0OnMzY3JldA=="s,
                            "Digest username=\"s3cret\""s,
                            "Bearer \xc3\xa4"s}) {
    expect_refused(401, authorization(value));
  }
  EXPECT_EQ(server.users.asked, 0);
}

TEST_F(bad_credentials, of_the_right_form_are_401_by_the_database) {
  expect_refused(401, bearer("nobody"));
  expect_refused(401, cookie("session=nobody"));
  EXPECT_EQ(server.users.asked, 6);
}

TEST_F(bad_credentials, do_not_become_good_by_a_cookie_beside_them) {
  expect_refused(401, authorization("Basic czNjcmV0") + cookie("session=admin"));
  expect_refused(401, bearer("nobody") + cookie("session=admin"));
}

TEST_F(bad_credentials, are_a_token_and_a_cookie_of_two_users) {
  expect_refused(400, bearer("admin") + cookie("session=viewer"));
  expect_refused(400, bearer("viewer") + cookie("session=admin"));
  auto both = plain_request("GET", "/api/me", bearer("viewer") + cookie("session=viewer"));
  EXPECT_EQ(ask(server.port(), both).status, 200) << "of one user they are not";
  auto ended = plain_request("GET", "/api/me", bearer("viewer") + cookie("session=ended"));
  EXPECT_EQ(ask(server.port(), ended).status, 200) << "a browser may still send an old cookie";
}

TEST_F(bad_credentials, are_fields_that_contradict_each_other) {
  expect_refused(400, bearer("admin") + bearer("viewer"));
  expect_refused(400, bearer("admin") + authorization("Basic czNjcmV0"));
  expect_refused(400, bearer("admin") + authorization(""));
  expect_refused(400, cookie("session=admin") + cookie("session=viewer"));
  expect_refused(400, cookie("session=admin") + cookie("theme=dark"));
  expect_refused(400, cookie("session=admin; session=viewer"));
  expect_refused(400, cookie("session=; session=admin"));
  expect_refused(400, cookie("session=admin; a=b; session="));
  EXPECT_EQ(server.users.asked, 0);
  auto twice = plain_request("GET", "/api/me", bearer("admin") + bearer("admin"));
  EXPECT_EQ(ask(server.port(), twice).status, 200);
}

TEST_F(bad_credentials, are_cookies_that_no_login_gave_out) {
  for (const auto& value :
       {"session=\"admin\""s, "session=admin admin"s, "session=a%64min"s, "session=admin,viewer"s,
        "session=s3cret="s, "session=\xc3\xa4"s, "session=" + std::string(200, '%')}) {
    expect_refused(401, cookie(value));
  }
  EXPECT_EQ(server.users.asked, 0);
  for (const auto& value : {"session"s, "session="s, ""s, ";;;"s, "=admin"s, "Session=admin"s,
                            "xsession=admin"s, "admin"s, "session\"=admin"s}) {
    expect_refused(401, cookie(value));
  }
}

TEST_F(bad_credentials, with_control_characters_are_no_http) {
  for (const char c : {'\0', '\x01', '\x07', '\x0b', '\x1f', '\x7f'}) {
    const std::string broken{'s', c, 'x'};
    expect_refused(400, cookie("session=admin" + broken));
    expect_refused(400, authorization("Bearer " + broken + token_of("admin")));
  }
  expect_refused(400, "Cookie: session=admin\n\r\n");
  EXPECT_EQ(server.users.asked, 0);
}

TEST_F(bad_credentials, past_the_header_limit_are_431) {
  std::string many = "session=s3cret";
  while (many.size() < 16 << 10) many += "; s3cret=x";
  auto answer = ask(server.port(), plain_request("GET", "/api/me", cookie(many)));
  EXPECT_EQ(answer.status, 431);
  EXPECT_EQ(answer.body, R"({"error":"the request's header is too large"})");
  EXPECT_EQ(server.users.asked, 0);
}

TEST_F(bad_credentials, do_not_come_from_many_other_cookies) {
  std::string many;
  while (many.size() < 15 << 10) many += "a=b; ";
  auto request = plain_request("GET", "/api/me", cookie(many + "session=viewer"));
  EXPECT_EQ(ask(server.port(), request).body, R"({"username":"viewer","role":"viewer"})");
}

TEST_F(bad_credentials, that_are_cut_off_are_not_used) {
  const auto request = plain_request("GET", "/api/me", bearer("admin"));
  for (std::size_t n = request.find("Bearer"); n < request.size(); ++n) {
    raw_client client(server.port());
    client.send(std::string_view(request).substr(0, n));
    client.finish_sending();
    EXPECT_NE(client.read_answer().status, 200) << n;
  }
  EXPECT_EQ(server.users.asked, 0);
}

TEST_F(bad_credentials, good_ones_come_in_any_case_of_their_scheme) {
  for (const std::string scheme : {"bearer ", "BEARER ", "Bearer   "}) {
    auto request = plain_request("GET", "/api/me", authorization(scheme + token_of("viewer")));
    EXPECT_EQ(ask(server.port(), request).status, 200) << scheme;
  }
}

}  // namespace
}  // namespace spillway::net::testing
