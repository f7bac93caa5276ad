// How many connections a client may hold.
#include "net/connection_limits.hpp"

#include <gtest/gtest.h>

#include <thread>

#include "net/fakes.hpp"
#include "net/log_capture.hpp"

namespace spillway::net::testing {
namespace {

using namespace std::chrono_literals;

boost::asio::ip::address peer(const char* text) {
  return boost::asio::ip::make_address(text);
}

std::shared_ptr<connection_limits> limits_of(std::uint32_t most, std::size_t total = 1'000) {
  return std::make_shared<connection_limits>(
      connection_limits::maxima{most, total},
      std::vector{*config::address_range::parse("10.0.0.0/8")});
}

TEST(connection_limits, count_by_client_and_give_places_back) {
  auto limits = limits_of(2);
  auto first = limits->enter(peer("192.0.2.1"));
  auto second = limits->enter(peer("::ffff:192.0.2.1"));
  EXPECT_EQ(first.how, admission::admitted);
  EXPECT_EQ(second.how, admission::admitted);
  EXPECT_EQ(limits->enter(peer("192.0.2.1")).how, admission::answered);
  EXPECT_EQ(limits->enter(peer("192.0.2.2")).how, admission::admitted);
  first.ticket.reset();
  first = limits->enter(peer("192.0.2.1"));
  EXPECT_EQ(first.how, admission::admitted);
  first.ticket.reset();
  second.ticket.reset();
  EXPECT_EQ(limits->clients(), 0u) << "nothing is kept of who has gone";
}

TEST(connection_limits, take_the_64_of_an_ipv6_address_for_one_client) {
  auto limits = limits_of(1);
  auto first = limits->enter(peer("2001:db8:0:1::1"));
  EXPECT_EQ(limits->enter(peer("2001:db8:0:1:ffff::2")).how, admission::answered);
  EXPECT_EQ(limits->enter(peer("2001:db8:0:2::1")).how, admission::admitted);
}

TEST(connection_limits, do_not_count_trusted_proxies) {
  auto limits = limits_of(1);
  std::vector<connection_limits::entry> all;
  for (int i = 0; i < 5; ++i) {
    all.push_back(limits->enter(peer("10.1.2.3")));
    EXPECT_EQ(all.back().how, admission::admitted);
  }
  EXPECT_EQ(limits->clients(), 0u);
}

TEST(connection_limits, answer_a_few_past_the_limit_and_drop_the_rest) {
  auto limits = limits_of(1);
  auto first = limits->enter(peer("192.0.2.1"));
  std::vector<connection_limits::entry> answered;
  for (std::uint32_t i = 0; i < connection_limits::max_answered; ++i) {
    answered.push_back(limits->enter(peer("192.0.2.1")));
    EXPECT_EQ(answered.back().how, admission::answered);
  }
  EXPECT_EQ(limits->enter(peer("192.0.2.1")).how, admission::dropped);
  first.ticket.reset();
  EXPECT_EQ(limits->enter(peer("192.0.2.1")).how, admission::admitted)
      << "those who are told have no place that counts";
  answered.clear();
  EXPECT_EQ(limits->clients(), 0u);
}

TEST(connection_limits, drop_everyone_past_the_total_trusted_proxies_included) {
  log_capture log;
  auto limits = limits_of(2, 3);
  auto one = limits->enter(peer("192.0.2.1"));
  auto other = limits->enter(peer("192.0.2.2"));
  auto proxy = limits->enter(peer("10.1.2.3"));
  for (const char* client : {"192.0.2.1", "192.0.2.3", "10.1.2.3"}) {
    EXPECT_EQ(limits->enter(peer(client)).how, admission::dropped) << client;
  }
  EXPECT_TRUE(log.mentions("3 connections are open"));
  proxy.ticket.reset();
  EXPECT_EQ(limits->enter(peer("192.0.2.3")).how, admission::admitted);
  EXPECT_EQ(limits->clients(), 2u);
}

TEST(connection_limits, warn_once_a_minute_however_many_clients_are_past_it) {
  log_capture log;
  std::chrono::steady_clock::time_point now{};
  auto limits = std::make_shared<connection_limits>(connection_limits::maxima{1, 1'000},
                                                    std::vector<config::address_range>{},
                                                    [&] { return now; });
  auto one = limits->enter(peer("192.0.2.1"));
  auto two = limits->enter(peer("192.0.2.2"));
  EXPECT_TRUE(log.starting_with("warning").empty());
  for (int i = 0; i < 50; ++i) {
    limits->enter(peer("192.0.2.1"));
    limits->enter(peer("192.0.2.2"));
  }
  EXPECT_EQ(log.starting_with("warning").size(), 1u);
  EXPECT_TRUE(log.mentions("192.0.2.1 is at limits.max_connections_per_address (1)"));
  now += 1min - 1ns;
  limits->enter(peer("192.0.2.1"));
  EXPECT_EQ(log.starting_with("warning").size(), 1u);
  now += 1ns;
  limits->enter(peer("192.0.2.2"));
  EXPECT_EQ(log.starting_with("warning").size(), 2u);
}

TEST(connection_limits, hold_when_many_threads_come_and_go) {
  auto limits = limits_of(3);
  std::atomic<int> inside = 0;
  std::atomic<bool> exceeded = false;
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 2'000; ++i) {
        auto entry = limits->enter(peer("192.0.2.1"));
        if (entry.how != admission::admitted) continue;
        if (++inside > 3) exceeded = true;
        --inside;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_FALSE(exceeded);
  EXPECT_EQ(limits->clients(), 0u);
}

TEST(a_connection_ticket, may_outlive_the_limits) {
  auto limits = limits_of(1);
  auto entry = limits->enter(peer("192.0.2.1"));
  limits.reset();
  entry.ticket.reset();
}

/// Two connections an address.
class connections_of_an_address : public ::testing::Test {
 protected:
  static config::settings settings(bool trusted = false) {
    config::settings settings;
    settings.limits.max_connections_per_address = 2;
    if (trusted) settings.trusted_proxies = {*config::address_range::parse("127.0.0.1")};
    return settings;
  }
  /// One that is served, as soon as there is a place.
  static std::unique_ptr<raw_client> served(std::uint16_t port, const char* from = "127.0.0.1") {
    const auto end = std::chrono::steady_clock::now() + patience;
    while (std::chrono::steady_clock::now() < end) {
      auto client = std::make_unique<raw_client>(port, 0, transport::plain, from);
      client->send(plain_request("GET", "/api/health"));
      if (client->read_answer().status == 200) return client;
    }
    return nullptr;
  }
};

TEST_F(connections_of_an_address, past_the_limit_are_answered_429_unread_and_closed) {
  test_server server(settings());
  auto first = served(server.port());
  auto second = served(server.port());
  raw_client third(server.port());
  auto refused = third.read_answer();
  EXPECT_EQ(refused.status, 429) << "without a request";
  EXPECT_EQ(refused.body, R"({"error":"too many connections from this address, close some"})");
  EXPECT_EQ(refused.fields["retry-after"], "5");
  EXPECT_EQ(refused.fields["connection"], "close");
  third.finish_sending();
  EXPECT_TRUE(third.read_to_end());
  EXPECT_TRUE(served(server.port(), "127.0.0.2")) << "of another address";
  first->send(plain_request("GET", "/api/health"));
  EXPECT_EQ(first->read_answer().status, 200) << "those that are there are served on";
  second->disconnect();
  EXPECT_TRUE(served(server.port())) << "the place is free again";
}

TEST_F(connections_of_an_address, over_tls_are_closed_without_a_word_past_the_limit) {
  test_server server(settings(), 512, 5s, transport::tls);
  raw_client first(server.port(), 0, transport::tls);
  raw_client second(server.port(), 0, transport::tls);
  raw_client third(server.port());
  EXPECT_TRUE(third.read_to_end());
  first.send(plain_request("GET", "/api/health"));
  EXPECT_EQ(first.read_answer().status, 200);
}

TEST_F(connections_of_an_address, that_became_streams_do_not_count) {
  test_server server(settings());
  std::vector<std::unique_ptr<raw_client>> viewers;
  for (int i = 0; i < 6; ++i) {
    viewers.push_back(std::make_unique<raw_client>(server.port()));
    viewers.back()->send(upgrade_request("/api/apps/shop/logs", bearer("viewer")));
    EXPECT_EQ(viewers.back()->read_answer().status, 101) << i;
  }
  EXPECT_TRUE(served(server.port()));
}

TEST_F(connections_of_an_address, of_foreign_pages_count_until_they_are_closed) {
  test_server server(settings());
  std::vector<std::unique_ptr<raw_client>> foreign;
  for (int i = 0; i < 2; ++i) {
    foreign.push_back(std::make_unique<raw_client>(server.port()));
    foreign.back()->send(upgrade_request("/api/apps/shop/logs", "Origin: http://evil.test\r\n"));
    EXPECT_EQ(foreign.back()->read_answer().status, 101);
    EXPECT_TRUE(foreign.back()->read_close());
  }
  EXPECT_EQ(raw_client(server.port()).read_answer().status, 429);
  for (auto& each : foreign) each->send(client_close(1008));
  EXPECT_TRUE(served(server.port()));
}

TEST_F(connections_of_an_address, that_is_a_trusted_proxys_are_not_counted) {
  test_server server(settings(true));
  std::vector<std::unique_ptr<raw_client>> all;
  for (int i = 0; i < 8; ++i) {
    all.push_back(std::make_unique<raw_client>(server.port()));
    all.back()->send(plain_request("GET", "/api/health", "X-Forwarded-For: 203.0.113.7\r\n"));
    EXPECT_EQ(all.back()->read_answer().status, 200) << i;
  }
}

TEST_F(connections_of_an_address, give_their_places_back_whatever_way_they_end) {
  config::settings limited = settings();
  limited.limits.header_timeout = 100ms;
  test_server server(limited);
  const auto request = plain_request("GET", "/api/me", bearer("viewer"));
  for (int round = 0; round < 3; ++round) {
    // Cut in the middle, reset, silent to the deadline, refused, ended by both sides.
    raw_client(server.port()).send(request.substr(0, 20));
    {
      raw_client gone(server.port());
      gone.send(request);
      gone.reset();
    }
    {
      raw_client silent(server.port());
      silent.read_to_end();
    }
    {
      raw_client bad(server.port());
      bad.send("nonsense\r\n\r\n");
      bad.read_answer();
    }
    {
      raw_client old(server.port());
      old.send("GET / HTTP/1.0\r\n\r\n");
      old.read_answer();
    }
    auto first = served(server.port());
    auto second = served(server.port());
    EXPECT_TRUE(first && second) << round;
  }
}

}  // namespace
}  // namespace spillway::net::testing
