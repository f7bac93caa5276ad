// HTTP over TLS: the handshake that comes first, and bytes that TLS holds where a socket would.
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "net/current_tls_context.hpp"
#include "net/fakes.hpp"

namespace spillway::net::testing {
namespace {

using namespace std::chrono_literals;

struct https : ::testing::Test {
  explicit https(config::settings settings = {})
      : server(std::move(settings), 512, std::chrono::seconds(5), transport::tls) {}

  test_server server;
};

/// A request for `target`, padded to `size` bytes.
std::string padded_request(std::string_view target, std::size_t size) {
  auto bare = plain_request("GET", target, "X-Pad: \r\n").size();
  return plain_request("GET", target, "X-Pad: " + std::string(size - bare, 'x') + "\r\n");
}

TEST_F(https, keeps_a_connection_for_one_request_after_the_other) {
  raw_client client(server.port(), 0, transport::tls);
  for (int i = 0; i < 3; ++i) {
    client.send(plain_request("GET", "/api/health"));
    EXPECT_EQ(client.read_answer().body, R"({"status":"ok"})");
  }
}

TEST_F(https, answers_every_request_of_one_record_wherever_the_reads_cut_it) {
  // Some size is that of a read: then the next request lies in TLS, with nothing in the socket.
  for (std::size_t size = 500; size <= 520; ++size) {
    raw_client client(server.port(), 0, transport::tls);
    client.send(padded_request("/api/health", size) + plain_request("GET", "/nowhere"));
    EXPECT_EQ(client.read_answer().status, 200);
    EXPECT_EQ(client.read_answer().status, 404) << size;
  }
}

TEST_F(https, takes_a_request_and_its_body_byte_by_byte) {
  raw_client client(server.port(), 0, transport::tls);
  auto request =
      plain_request("POST", "/api/auth/login", {}, R"({"username":"ann","password":"right"})");
  for (char byte : request) ASSERT_TRUE(client.send({&byte, 1}));
  EXPECT_EQ(client.read_answer().status, 200);
}

TEST_F(https, gives_out_a_cookie_for_tls_alone) {
  auto in = server.send("POST", "/api/auth/login", "", R"({"username":"ann","password":"right"})");
  EXPECT_EQ(in.fields["set-cookie"],
            "session=cookie-value; HttpOnly; SameSite=Strict; Path=/; Max-Age=86400; Secure");
  auto out = server.send("POST", "/api/auth/logout", "viewer");
  EXPECT_EQ(out.fields["set-cookie"],
            "session=; HttpOnly; SameSite=Strict; Path=/; Max-Age=0; Secure");
}

TEST_F(https, opens_streams_to_its_own_pages_and_not_to_those_of_its_name_without_tls) {
  auto ask_from = [&](const std::string& origin) {
    auto client = std::make_unique<raw_client>(server.port(), 0, transport::tls);
    client->send(
        upgrade_request("/api/apps/shop/logs", bearer("viewer") + "Origin: " + origin + "\r\n"));
    EXPECT_EQ(client->read_answer().status, 101);
    return client;
  };
  auto own = ask_from("https://spillway.test");
  EXPECT_TRUE(server.gateway.next_viewer());
  auto plain = ask_from("http://spillway.test");
  EXPECT_EQ(plain->read_close(), (ws_close{1008, "origin not allowed"}));
}

TEST_F(https, upgrades_a_connection_that_was_kept) {
  raw_client client(server.port(), 0, transport::tls);
  client.send(plain_request("GET", "/api/health") +
              upgrade_request("/api/apps/shop/logs", bearer("viewer")) + client_frame(9, "early"));
  EXPECT_EQ(client.read_answer().status, 200);
  EXPECT_EQ(client.read_answer().status, 101);
  EXPECT_EQ(client.read_frame()->payload, "early");
}

TEST_F(https, says_close_notify_after_a_reply_that_ends_the_connection) {
  raw_client client(server.port(), 0, transport::tls);
  client.send("GET /api/health HTTP/1.0\r\n\r\n");
  EXPECT_EQ(client.read_answer().status, 200);
  EXPECT_TRUE(client.read_to_end());
  EXPECT_TRUE(client.ended_cleanly());
}

TEST_F(https, says_close_notify_to_connections_that_wait_when_the_server_stops) {
  raw_client client(server.port(), 0, transport::tls);
  client.send(plain_request("GET", "/api/health"));
  EXPECT_EQ(client.read_answer().status, 200);
  server.http->stop();
  EXPECT_TRUE(client.read_to_end());
  EXPECT_TRUE(client.tls().ended()) << "TCP may end by a reset: the answer is not waited for";
}

TEST_F(https, closes_on_a_client_that_does_not_speak_tls) {
  for (auto bytes : {"OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", "\x16\x03\x01\x02", "\x80"}) {
    raw_client client(server.port());
    client.send(bytes);
    client.finish_sending();
    EXPECT_EQ(client.read_answer().status, 0);
  }
  raw_client proper(server.port(), 0, transport::tls);
  proper.send(plain_request("GET", "/api/health"));
  EXPECT_EQ(proper.read_answer().status, 200);
}

TEST_F(https, answers_a_request_of_plain_http_by_400_and_closes_in_order) {
  for (std::string method : {"GET", "POST", "HEAD", "PUT"}) {
    raw_client client(server.port());
    client.send(plain_request(method, "/api/health"));
    auto answer = client.read_answer(method == "HEAD");
    EXPECT_EQ(answer.status, 400);
    if (method != "HEAD") {
      EXPECT_EQ(answer.body, R"({"error":"this port speaks TLS: use https:// or wss://"})");
    }
    EXPECT_TRUE(client.read_to_end());
    EXPECT_TRUE(client.ended_cleanly());
  }
}

TEST_F(https, survives_a_client_that_leaves_at_any_byte_of_its_hello) {
  auto hello = tls_codec().shake();
  ASSERT_FALSE(hello.empty());
  for (std::size_t n = 0; n <= hello.size(); ++n) {
    raw_client client(server.port());
    client.send(std::string_view(hello).substr(0, n));
    if (n % 2 == 0) client.reset();
  }
  raw_client proper(server.port(), 0, transport::tls);
  proper.send(plain_request("GET", "/api/health"));
  EXPECT_EQ(proper.read_answer().status, 200);
}

TEST(https_of_a_context_that_is_replaced, goes_on_for_those_who_come_meanwhile) {
  current_tls_context current(test_tls().get());
  test_server server({}, 512, std::chrono::seconds(5), transport::tls,
                     [&](dependencies& deps) { deps.tls = &current; });
  raw_client kept(server.port(), 0, transport::tls);
  std::atomic<bool> done = false;
  std::thread replacing([&] {
    while (!done) current.replace(make_server_context());
  });
  for (int i = 0; i < 50; ++i) EXPECT_EQ(server.get("/api/health").status, 200);
  done = true;
  replacing.join();
  kept.send(plain_request("GET", "/api/health"));
  EXPECT_EQ(kept.read_answer().status, 200);
}

struct hurried_https : https {
  hurried_https() : https(hurry()) {}
  static config::settings hurry() {
    config::settings settings;
    // The handshake is within it.
    settings.limits.header_timeout = 1s;
    return settings;
  }
};

TEST_F(hurried_https, closes_on_a_client_that_stops_in_its_hello) {
  auto hello = tls_codec().shake();
  raw_client client(server.port());
  client.send(std::string_view(hello).substr(0, hello.size() / 2));
  EXPECT_TRUE(client.read_to_end());
}

TEST_F(hurried_https, answers_a_request_that_takes_too_long_with_408) {
  raw_client client(server.port(), 0, transport::tls);
  client.send("GET /api/health HT");
  EXPECT_EQ(client.read_answer().status, 408);
  EXPECT_TRUE(client.read_to_end());
  EXPECT_TRUE(client.ended_cleanly());
}

TEST_F(https, delivers_a_refusal_to_a_client_that_goes_on_sending) {
  raw_client client(server.port(), 0, transport::tls);
  client.send("POST /api/setup HTTP/1.1\r\nHost: a\r\nContent-Length: 999999999\r\n\r\n");
  for (int i = 0; i < 50 && client.send(std::string(16'384, 'x')); ++i) {
  }
  EXPECT_EQ(client.read_answer().status, 413);
}

}  // namespace
}  // namespace spillway::net::testing
