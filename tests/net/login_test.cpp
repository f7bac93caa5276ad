// Logins over HTTP: their limits, and what the process log says of them.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "net/fakes.hpp"
#include "net/log_capture.hpp"

namespace spillway::net::testing {
namespace {

class a_login : public ::testing::Test {
 protected:
  static config::settings settings() {
    config::settings settings;
    // Windows that no test outlives.
    settings.auth.login_attempts = {8, std::chrono::hours(24)};
    settings.auth.lockout = {3, std::chrono::hours(12)};
    return settings;
  }
  http_answer send(const std::string& body, const char* from = "127.0.0.1") {
    return ask(server.port(), plain_request("POST", "/api/auth/login", {}, body), transport::plain,
               from);
  }
  http_answer as(const std::string& user, const std::string& password,
                 const char* from = "127.0.0.1") {
    return send(nlohmann::json{{"username", user}, {"password", password}}.dump(), from);
  }
  static long wait_of(http_answer answer) {
    return std::atol(answer.fields["retry-after"].c_str());
  }

  test_server server{settings()};
};

TEST_F(a_login, past_the_limit_of_its_address_is_429_and_costs_no_hash) {
  for (int i = 0; i < 8; ++i) EXPECT_EQ(as("ann", "right").status, 200);
  auto past = as("ann", "right");
  EXPECT_EQ(past.status, 429);
  EXPECT_TRUE(
      past.body.starts_with(R"({"error":"too many logins from this address, try again in )"))
      << past.body;
  EXPECT_GT(wait_of(past), 0);
  EXPECT_LE(wait_of(past), 24 * 3600);
  EXPECT_NE(past.body.find("in " + past.fields["retry-after"] + " seconds"), std::string::npos);
  EXPECT_EQ(as("bob", "right").status, 429);
  EXPECT_EQ(server.users.logins, 8);
  EXPECT_EQ(as("ann", "right", "127.0.0.2").status, 200) << "of another address";
  EXPECT_EQ(server.get("/api/me", "viewer").status, 200) << "everything else goes on";
}

TEST_F(a_login, is_not_kept_waiting_by_a_setup_that_is_not_needed) {
  server.users.set_up = true;
  const std::string body = R"({"username":"ann","password":"long enough"})";
  auto refused = ask(server.port(), plain_request("POST", "/api/setup", {}, body));
  EXPECT_EQ(refused.status, 409);
  EXPECT_EQ(refused.body, R"({"error":"the first user was created already: log in"})");
  EXPECT_EQ(server.users.setups, 0) << "it took no place among those who wait for a hash";
}

TEST_F(a_login, with_a_malformed_body_is_an_attempt_but_no_failed_one) {
  for (int i = 0; i < 4; ++i) EXPECT_EQ(send(R"({"username":"ann"})").status, 400);
  EXPECT_EQ(as("ann", "wrong").status, 401);
  EXPECT_EQ(as("ann", "wrong").status, 401);
  EXPECT_EQ(as("ann", "right").status, 200) << "not locked out";
  EXPECT_EQ(send("{").status, 400);
  EXPECT_EQ(send("{").status, 429) << "the ninth of this address";
}

TEST_F(a_login, is_refused_while_its_user_is_locked_out_also_with_the_right_password) {
  for (int i = 0; i < 3; ++i) EXPECT_EQ(as("Ann", "wrong").status, 401);
  auto locked = as("aNN", "right");
  EXPECT_EQ(locked.status, 429);
  EXPECT_TRUE(
      locked.body.starts_with(R"({"error":"too many failed logins as this user, try again in )"))
      << locked.body;
  EXPECT_GT(wait_of(locked), 11 * 3600);
  EXPECT_LE(wait_of(locked), 12 * 3600);
  EXPECT_EQ(server.users.logins, 3) << "no password is hashed meanwhile";
  EXPECT_EQ(as("bob", "right").status, 200);
  EXPECT_EQ(as("ann", "right", "127.0.0.2").status, 200) << "only from this address";
}

TEST_F(a_login, that_succeeds_makes_up_for_those_that_failed) {
  for (int i = 0; i < 2; ++i) EXPECT_EQ(as("ann", "wrong").status, 401);
  EXPECT_EQ(as("ann", "right").status, 200);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(as("ann", "wrong").status, 401);
  EXPECT_EQ(as("ann", "right").status, 429);
}

TEST_F(a_login, at_the_same_time_as_others_does_not_slip_past_the_lockout) {
  std::promise<void> release;
  server.users.hold_login = release.get_future();
  std::vector<std::future<http_answer>> answers;
  std::atomic<int> refused = 0;
  for (int i = 0; i < 6; ++i) {
    answers.push_back(std::async(std::launch::async, [&] {
      auto answer = as("ann", "wrong");
      if (answer.status == 429) ++refused;
      return answer;
    }));
  }
  const auto end = std::chrono::steady_clock::now() + patience;
  while (server.users.logins < 2 && std::chrono::steady_clock::now() < end)
    std::this_thread::yield();
  release.set_value();
  std::multiset<int> statuses;
  for (auto& each : answers) statuses.insert(each.get().status);
  EXPECT_EQ(statuses, (std::multiset<int>{401, 401, 401, 429, 429, 429}));
  EXPECT_EQ(server.users.logins, 3);
}

TEST_F(a_login, that_the_database_could_not_decide_is_nobodys_failure) {
  server.users.login_failure = failure{503, "the database is busy, try again"};
  for (int i = 0; i < 4; ++i) EXPECT_EQ(as("ann", "wrong").status, 503);
  server.users.login_failure = {};
  EXPECT_EQ(as("ann", "right").status, 200);
}

TEST_F(a_login, leaves_one_line_in_the_process_log_and_never_a_password) {
  log_capture log;
  as("ann", "right");
  as("b\nob \"x\"", "s3cret wrong");
  EXPECT_EQ(log.starting_with("info [auth]"),
            (std::vector<std::string>{"info [auth] login from 127.0.0.1 as ann"}));
  EXPECT_EQ(log.starting_with("warning [auth]"),
            (std::vector<std::string>{"warning [auth] failed login from 127.0.0.1 as b?ob \"x\""}));
  as(std::string(5'000, 'y'), "s3cret");
  EXPECT_LT(log.starting_with("warning [auth]").back().size(), 300u);
  for (int i = 0; i < 2; ++i) as("b\nob \"x\"", "s3cret wrong");
  auto lines = log.starting_with("warning [auth]");
  EXPECT_EQ(lines.size(), 5u);
  EXPECT_EQ(lines.back(), "warning [auth] locked out for 43200s from 127.0.0.1: b?ob \"x\"");
  for (auto secret : {"s3cret", "right", "cookie-value"}) EXPECT_FALSE(log.mentions(secret));
}

}  // namespace
}  // namespace spillway::net::testing
