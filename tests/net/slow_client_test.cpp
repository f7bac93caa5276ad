// Clients that take their time: a whole request has one deadline, however it trickles in.
#include <gtest/gtest.h>

#include "net/fakes.hpp"

namespace spillway::net::testing {
namespace {

using namespace std::chrono_literals;

class a_slow_client : public ::testing::TestWithParam<transport> {
 protected:
  static config::settings settings() {
    config::settings settings;
    settings.limits.header_timeout = 100ms;
    return settings;
  }
  /// Sends one byte after the other, each once the server has said nothing to the last for a while,
  /// for as long as a test may take: status 0 where the deadline did not come in between.
  static http_answer trickle(raw_client& client, std::string_view endless) {
    const auto end = std::chrono::steady_clock::now() + patience;
    while (!client.hears_within(5) && std::chrono::steady_clock::now() < end) {
      client.send(endless);
    }
    return client.hears_within(0) ? client.read_answer() : http_answer{};
  }
  static void expect_408_and_the_end(raw_client& client, const http_answer& answer) {
    EXPECT_EQ(answer.status, 408);
    EXPECT_EQ(answer.body, R"({"error":"the request took too long to arrive"})");
    client.finish_sending();
    EXPECT_TRUE(client.read_to_end());
  }

  test_server server{settings(), 512, std::chrono::seconds(5), GetParam()};
};

TEST_P(a_slow_client, whose_header_trickles_in_gets_408) {
  raw_client client(server.port(), 0, GetParam());
  client.send("GET /api/health HTTP/1.1\r\nHost: a\r\nX-Slow: ");
  auto answer = trickle(client, "x");
  expect_408_and_the_end(client, answer);
}

TEST_P(a_slow_client, whose_body_trickles_in_gets_408) {
  raw_client client(server.port(), 0, GetParam());
  client.send("POST /api/auth/login HTTP/1.1\r\nHost: a\r\nContent-Length: 60000\r\n\r\n");
  auto answer = trickle(client, " ");
  expect_408_and_the_end(client, answer);
  EXPECT_EQ(server.users.logins, 0);
}

TEST_P(a_slow_client, whose_chunks_trickle_in_gets_408) {
  raw_client client(server.port(), 0, GetParam());
  client.send("POST /api/auth/login HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
  auto answer = trickle(client, "1\r\n \r\n");
  expect_408_and_the_end(client, answer);
}

/// The bytes of a body that says little are never waited for: there is no read to cut.
TEST_P(a_slow_client, whose_bytes_are_always_there_gets_408) {
  raw_client client(server.port(), 0, GetParam());
  client.send("POST /api/apps/deploy HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n" +
              bearer("admin") + "\r\n");
  std::string chunks;
  for (int i = 0; i < 64; ++i) chunks += "1;" + std::string(4'000, 'x') + "\r\n \r\n";
  const auto end = std::chrono::steady_clock::now() + patience;
  while (!client.hears_within(0) && std::chrono::steady_clock::now() < end) client.send(chunks);
  ASSERT_TRUE(client.hears_within(0));
  expect_408_and_the_end(client, client.read_answer());
}

TEST_P(a_slow_client, has_no_more_time_for_a_body_that_it_asked_about) {
  raw_client client(server.port(), 0, GetParam());
  client.send(
      "POST /api/auth/login HTTP/1.1\r\nHost: a\r\nContent-Length: 60000\r\n"
      "Expect: 100-continue\r\n\r\n");
  EXPECT_EQ(client.read_answer().status, 100);
  auto answer = trickle(client, " ");
  expect_408_and_the_end(client, answer);
}

TEST_P(a_slow_client, has_no_more_time_for_the_second_request_of_a_connection) {
  raw_client client(server.port(), 0, GetParam());
  client.send(plain_request("GET", "/api/health"));
  EXPECT_EQ(client.read_answer().status, 200);
  client.send("GET /api/health HTTP/1.1\r\nHost: a\r\nX-Slow: ");
  auto answer = trickle(client, "x");
  expect_408_and_the_end(client, answer);
}

TEST_P(a_slow_client, that_sends_nothing_is_closed_without_a_word) {
  raw_client client(server.port(), 0, GetParam());
  EXPECT_EQ(client.read_answer().status, 0);
  EXPECT_TRUE(client.hears_within(0)) << "closed";
}

TEST_P(a_slow_client, does_not_keep_others_waiting) {
  std::vector<std::unique_ptr<raw_client>> slow;
  // More than the server has threads.
  for (int i = 0; i < 10; ++i) {
    slow.push_back(std::make_unique<raw_client>(server.port(), 0, GetParam()));
    slow.back()->send("GET /api/he");
  }
  EXPECT_EQ(server.get("/api/me", "viewer").status, 200);
  for (auto& each : slow) EXPECT_EQ(each->read_answer().status, 408);
}

INSTANTIATE_TEST_SUITE_P(over, a_slow_client, ::testing::Values(transport::plain, transport::tls),
                         [](const auto& row) {
                           return row.param == transport::tls ? "tls" : "plain";
                         });

}  // namespace
}  // namespace spillway::net::testing
