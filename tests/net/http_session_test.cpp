// HTTP itself: limits, malformed input, keep-alive, the end of connections.
#include <gtest/gtest.h>

#include "net/fakes.hpp"

namespace spillway::net::testing {
namespace {

using namespace std::chrono_literals;

config::settings small_limits() {
  config::settings settings;
  settings.limits.max_header_bytes = 4096;
  settings.limits.max_body_bytes = 1000;
  return settings;
}

std::string error_of(const http_answer& answer) {
  return std::to_string(answer.status) + " " + answer.body;
}

TEST(http, keeps_a_connection_for_one_request_after_the_other) {
  test_server server;
  raw_client client(server.port());
  for (int i = 0; i < 3; ++i) {
    client.send(plain_request("GET", "/api/health"));
    EXPECT_EQ(client.read_answer().body, R"({"status":"ok"})");
  }
  // Two at once are answered in order.
  client.send(plain_request("GET", "/api/health") + plain_request("GET", "/nowhere"));
  EXPECT_EQ(client.read_answer().status, 200);
  EXPECT_EQ(client.read_answer().status, 404);
}

TEST(http, answers_head_without_a_body) {
  test_server server;
  raw_client client(server.port());
  client.send(plain_request("HEAD", "/api/health") + plain_request("GET", "/api/health"));
  EXPECT_EQ(client.read_answer(true).status, 200);
  EXPECT_EQ(client.read_answer().status, 200);
}

TEST(http, answers_version_1_0_and_closes) {
  test_server server;
  raw_client client(server.port());
  client.send("GET /api/health HTTP/1.0\r\n\r\n");
  EXPECT_EQ(client.read_answer().status, 200);
  EXPECT_TRUE(client.read_to_end());
}

TEST(http, refuses_a_header_that_is_too_large) {
  test_server server(small_limits());
  auto request = plain_request("GET", "/api/health", "X-A: " + std::string(5000, 'a') + "\r\n");
  EXPECT_EQ(error_of(ask(server.port(), request)),
            R"(431 {"error":"the request's header is too large"})");
  EXPECT_EQ(ask(server.port(), std::string(100'000, 'a')).status, 431);
}

TEST(http, refuses_a_body_that_is_too_large_before_it_is_sent) {
  test_server server(small_limits());
  raw_client client(server.port());
  client.send("POST /api/setup HTTP/1.1\r\nHost: a\r\nContent-Length: 1001\r\n\r\n");
  EXPECT_EQ(error_of(client.read_answer()), R"(413 {"error":"the request's body is too large"})");
  EXPECT_TRUE(client.read_to_end());
}

TEST(http, refuses_a_body_that_grows_too_large_and_still_delivers_the_answer) {
  test_server server(small_limits());
  raw_client client(server.port());
  client.send("POST /api/setup HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
  for (int i = 0; i < 200 && client.send("400\r\n" + std::string(1024, 'x') + "\r\n"); ++i) {
  }
  EXPECT_EQ(client.read_answer().status, 413);
}

TEST(http, takes_large_bodies_on_the_one_route_that_needs_them) {
  test_server server;
  const std::string large(65'537, ' ');
  for (auto path : {"/api/auth/login", "/api/setup", "/api/apps/shop/scale", "/nowhere"}) {
    EXPECT_EQ(server.send("POST", path, "admin", large).status, 413) << path;
  }
  EXPECT_EQ(server.send("POST", "/api/auth/login", "", large.substr(1)).status, 400);
  EXPECT_EQ(server.send("POST", "/api/apps/deploy", "admin", large).status, 400);
  EXPECT_EQ(server.send("PUT", "/api/apps/deploy", "admin", large).status, 413);
}

std::string deploy_of(std::size_t bytes) {
  return plain_request("POST", "/api/apps/deploy", bearer("admin"), std::string(bytes, ' '));
}

/// Room for one body of `deploy_of(70'000)` at a time.
struct cramped_http : ::testing::Test {
  static config::settings settings() {
    config::settings settings;
    settings.limits.max_body_bytes = 100'000;
    return settings;
  }
  test_server server{settings(), 512, 5s, transport::plain,
                     [](dependencies& deps) { deps.max_large_bodies = 100'000; }};
};

TEST_F(cramped_http, refuses_a_large_body_while_one_that_arrives_has_the_room) {
  const auto request = deploy_of(70'000);
  const auto end = std::chrono::steady_clock::now() + patience;
  http_answer first;
  http_answer second;
  // Again where the second was the first to be read.
  while (first.status != 400 || second.status != 503) {
    ASSERT_LT(std::chrono::steady_clock::now(), end);
    raw_client unfinished(server.port());
    unfinished.send(std::string_view(request).substr(0, request.size() - 1));
    second = ask(server.port(), request);
    EXPECT_EQ(server.get("/api/me", "viewer").status, 200);
    unfinished.send(" ");
    first = unfinished.read_answer();
  }
  EXPECT_EQ(second.body, R"({"error":"the server is busy with other deploys, try again"})");
  EXPECT_EQ(second.fields["retry-after"], "5");
  EXPECT_EQ(ask(server.port(), request).status, 400);
}

TEST_F(cramped_http, counts_a_body_until_its_request_has_been_answered) {
  std::promise<void> release;
  server.users.hold = release.get_future();
  raw_client first(server.port());
  first.send(deploy_of(70'000));
  const auto end = std::chrono::steady_clock::now() + patience;
  while (server.users.asked == 0 && std::chrono::steady_clock::now() < end) {
    std::this_thread::yield();
  }
  EXPECT_EQ(ask(server.port(), deploy_of(70'000)).status, 503);
  release.set_value();
  EXPECT_EQ(first.read_answer().status, 400);
  EXPECT_EQ(ask(server.port(), deploy_of(70'000)).status, 400);
}

TEST(http, answers_what_is_not_http_with_400) {
  test_server server;
  using namespace std::string_literals;
  for (const auto& bytes :
       {"nonsense\r\n\r\n"s, "GET /\r\n\r\n"s, "GET / HTTP/3.7\r\n\r\n"s,
        "\x16\x03\x01\x02\r\n\r\n"s, "GET /api/\0 HTTP/1.1\r\nHost: a\r\n\r\n"s,
        "GET / HTTP/1.1\r\nno colon\r\n\r\n"s, "POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n"s,
        "POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n"s,
        "POST /api/setup HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"s}) {
    EXPECT_EQ(error_of(ask(server.port(), bytes)),
              R"(400 {"error":"this is not a well-formed HTTP request"})")
        << bytes;
  }
  EXPECT_EQ(server.get("/api/health").status, 200);
}

TEST(http, refuses_credentials_that_contradict_each_other) {
  test_server server;
  auto twice = bearer("admin") + bearer("viewer");
  EXPECT_EQ(error_of(ask(server.port(), plain_request("GET", "/api/me", twice))),
            R"(400 {"error":"two Authorization fields differ"})");
  auto cookies = "Cookie: session=admin\r\nCookie: session=viewer\r\n";
  EXPECT_EQ(ask(server.port(), plain_request("GET", "/api/me", cookies)).status, 400);
  EXPECT_EQ(ask(server.port(), upgrade_request("/api/apps/shop/logs", twice)).status, 400);
}

TEST(http, answers_a_request_that_takes_too_long_with_408) {
  config::settings settings;
  settings.limits.header_timeout = 100ms;
  test_server server(settings);
  for (auto part : {"GET /api/health HT",
                    "POST /api/setup HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n{"}) {
    raw_client client(server.port());
    client.send(part);
    EXPECT_EQ(error_of(client.read_answer()),
              R"(408 {"error":"the request took too long to arrive"})");
    EXPECT_TRUE(client.read_to_end());
  }
  // A connection on which nothing comes is closed without a word.
  raw_client silent(server.port());
  EXPECT_EQ(silent.read_answer().status, 0);
}

TEST(http, asks_for_a_body_that_waits_for_it) {
  test_server server;
  raw_client client(server.port());
  client.send(
      "POST /api/auth/login HTTP/1.1\r\nHost: a\r\nContent-Length: 37\r\nExpect: "
      "100-continue\r\n\r\n");
  EXPECT_EQ(client.read_answer().status, 100);
  client.send(R"({"username":"ann","password":"right"})");
  EXPECT_EQ(client.read_answer().status, 200);
  client.send(plain_request("POST", "/api/auth/login", "Expect: more\r\n", "{}"));
  EXPECT_EQ(client.read_answer().status, 417);
}

TEST(http, answers_503_when_the_workers_are_busy_and_health_all_the_same) {
  test_server server({}, 1);
  std::promise<void> release;
  server.users.hold = release.get_future();
  raw_client waiting(server.port());
  waiting.send(plain_request("GET", "/api/me", bearer("admin")));
  raw_client second(server.port());
  second.send(plain_request("GET", "/api/me", bearer("admin")));
  raw_client third(server.port());
  third.send(plain_request("GET", "/api/me", bearer("admin")));
  // One of the three holds the only place, whichever came first; the others are refused.
  std::array<std::future<http_answer>, 3> answers{
      std::async(std::launch::async, [&] { return waiting.read_answer(); }),
      std::async(std::launch::async, [&] { return second.read_answer(); }),
      std::async(std::launch::async, [&] { return third.read_answer(); })};
  auto refusals = [&] {
    return std::count_if(answers.begin(), answers.end(),
                         [](auto& each) { return each.wait_for(0s) == std::future_status::ready; });
  };
  auto end = std::chrono::steady_clock::now() + patience;
  while (refusals() < 2 && std::chrono::steady_clock::now() < end) std::this_thread::yield();
  EXPECT_EQ(refusals(), 2);
  EXPECT_EQ(server.get("/api/health").status, 200);
  release.set_value();
  std::multiset<int> statuses;
  for (auto& each : answers) {
    auto answer = each.get();
    statuses.insert(answer.status);
    EXPECT_EQ(answer.fields.contains("retry-after"), answer.status == 503);
  }
  EXPECT_EQ(statuses, (std::multiset<int>{200, 503, 503}));
}

TEST(http, answers_500_when_nobody_else_does) {
  test_server server;
  server.gateway.drop_handlers = true;
  EXPECT_EQ(server.send("POST", "/api/apps/shop/stop", "admin").status, 500);
}

TEST(http, survives_a_client_that_leaves_at_any_byte) {
  test_server server;
  auto request = plain_request("POST", "/api/auth/login", bearer("x"),
                               R"({"username":"ann","password":"right"})");
  for (std::size_t n = 0; n <= request.size(); ++n) {
    raw_client client(server.port());
    client.send(std::string_view(request).substr(0, n));
  }
  EXPECT_EQ(server.get("/api/health").status, 200);
}

TEST(http, closes_connections_that_wait_when_the_server_stops) {
  test_server server;
  raw_client used(server.port());
  used.send(plain_request("GET", "/api/health"));
  EXPECT_EQ(used.read_answer().status, 200);
  raw_client fresh(server.port());
  server.http->stop();
  EXPECT_TRUE(used.read_to_end());
  EXPECT_TRUE(fresh.read_to_end());
}

}  // namespace
}  // namespace spillway::net::testing
