#include "net/forwarded.hpp"

#include <gtest/gtest.h>

namespace spillway::net {
namespace {

std::vector<config::address_range> ranges(std::initializer_list<const char*> texts) {
  std::vector<config::address_range> all;
  for (auto text : texts) all.push_back(*config::address_range::parse(text));
  return all;
}

result<request_source> seen_through(const char* peer, const forwarded_fields& fields) {
  static const auto trusted = ranges({"10.0.0.0/8", "127.0.0.1", "2001:db8:f::/48"});
  return behind_proxies({boost::asio::ip::make_address(peer), false, "spillway.test"}, fields,
                        trusted);
}

std::string client_of(const std::vector<std::string>& fields, const char* peer = "127.0.0.1") {
  return seen_through(peer, {fields, {}, {}})->client.to_string();
}

TEST(forwarded_client, is_the_first_from_the_right_that_is_no_trusted_proxy) {
  EXPECT_EQ(client_of({"203.0.113.7"}), "203.0.113.7");
  EXPECT_EQ(client_of({"203.0.113.7, 10.1.1.1,10.2.2.2"}), "203.0.113.7");
  EXPECT_EQ(client_of({"1.1.1.1, 203.0.113.7"}), "203.0.113.7") << "the left one is hearsay";
  EXPECT_EQ(client_of({"10.9.9.9, 203.0.113.7, 10.1.1.1"}), "203.0.113.7");
  EXPECT_EQ(client_of({"1.1.1.1", "203.0.113.7", "10.1.1.1"}), "203.0.113.7")
      << "fields are joined";
  EXPECT_EQ(client_of({"203.0.113.7", "2001:db8:f::1"}), "203.0.113.7");
  EXPECT_EQ(client_of({"203.0.113.7, ::ffff:10.1.1.1"}), "203.0.113.7");
}

TEST(forwarded_client, is_the_last_proxy_where_all_are_trusted_and_the_peer_where_none_is_named) {
  EXPECT_EQ(client_of({"10.3.3.3, 10.1.1.1"}), "10.3.3.3");
  EXPECT_EQ(client_of({}), "127.0.0.1");
  for (auto empty : {"", " ", ",", " , ,\t"}) EXPECT_EQ(client_of({empty}), "127.0.0.1");
  EXPECT_EQ(client_of({"203.0.113.7,", ""}), "203.0.113.7");
}

TEST(forwarded_client, may_have_a_port_and_ipv6_brackets) {
  EXPECT_EQ(client_of({"203.0.113.7:4711"}), "203.0.113.7");
  EXPECT_EQ(client_of({"[2001:db8::7]:4711"}), "2001:db8::7");
  EXPECT_EQ(client_of({"[2001:db8::7]"}), "2001:db8::7");
  EXPECT_EQ(client_of({"2001:DB8:0:0::7"}), "2001:db8::7");
  EXPECT_EQ(client_of({"::ffff:203.0.113.7"}), "203.0.113.7");
  EXPECT_EQ(client_of({"[::ffff:203.0.113.7]:1"}), "203.0.113.7");
}

TEST(forwarded_client, is_the_last_good_one_where_an_entry_is_malformed) {
  for (const std::string bad : {"unknown",
                                "_hidden",
                                "203.0.113",
                                "203.0.113.256",
                                "203.0.113.7:",
                                "203.0.113.7:x",
                                "203.0.113.7:70000",
                                "203.0.113.7:1:2",
                                "[2001:db8::7",
                                "2001:db8::7]",
                                "[2001:db8::7]x",
                                "[2001:db8::7]:",
                                "[203.0.113.7]",
                                "[]",
                                "[",
                                "]",
                                ":",
                                ":80",
                                "fe80::1%lo",
                                "0x7f.1",
                                "1",
                                "203.0.113.7 10.0.0.1",
                                "\"203.0.113.7\"",
                                "for=203.0.113.7"}) {
    EXPECT_EQ(client_of({bad}), "127.0.0.1") << bad;
    EXPECT_EQ(client_of({"203.0.113.7, " + bad + ", 10.1.1.1"}), "10.1.1.1") << bad;
  }
  using namespace std::string_literals;
  EXPECT_EQ(client_of({"203.0.113.7\0x"s}), "127.0.0.1");
  EXPECT_EQ(client_of({std::string(100'000, '1')}), "127.0.0.1");
}

TEST(forwarded_client, is_looked_for_among_a_bounded_number_of_entries) {
  std::string many = "203.0.113.7";
  for (int i = 1; i < max_forwarded_entries; ++i) many += ",10.1.1.1";
  EXPECT_EQ(client_of({many}), "203.0.113.7");
  EXPECT_EQ(client_of({many + ",10.1.1.2"}), "10.1.1.1");
  EXPECT_EQ(client_of({"203.0.113.7" + std::string(5'000, ',')}), "127.0.0.1");
  EXPECT_EQ(client_of(std::vector<std::string>(5'000, "")), "127.0.0.1");
}

TEST(forwarded_scheme, is_the_last_element_where_that_is_one_of_http) {
  struct row {
    std::vector<std::string> fields;
    bool over_tls;
    bool secure;
  };
  const row rows[] = {{{"https"}, false, true},
                      {{"HTTPS"}, false, true},
                      {{"http"}, false, false},
                      {{"http"}, true, false},
                      {{"http, https"}, false, true},
                      {{"https,http"}, false, false},
                      {{"https", "https"}, false, true},
                      {{"wss"}, false, false},
                      {{"wss"}, true, true},
                      {{"https, x"}, false, false},
                      {{""}, true, true},
                      {{"https,"}, false, false},
                      {{}, true, true},
                      {{}, false, false}};
  for (const auto& row : rows) {
    auto source = behind_proxies({boost::asio::ip::make_address("10.0.0.1"), row.over_tls, "a"},
                                 {{}, row.fields, {}}, ranges({"10.0.0.0/8"}));
    ASSERT_TRUE(source);
    EXPECT_EQ(source->secure, row.secure)
        << (row.fields.empty() ? "none" : row.fields.front()) << " over TLS: " << row.over_tls;
  }
}

TEST(forwarded_host, is_the_last_element_where_there_is_one) {
  auto host_of = [](const std::vector<std::string>& fields) {
    return seen_through("10.0.0.1", {{}, {}, fields})->host;
  };
  EXPECT_EQ(host_of({"dash.test:8443"}), "dash.test:8443");
  EXPECT_EQ(host_of({"evil.test, dash.test"}), "dash.test");
  EXPECT_EQ(host_of({"dash.test", "dash.test"}), "dash.test");
  EXPECT_EQ(host_of({"", ""}), "spillway.test");
  EXPECT_EQ(host_of({}), "spillway.test");
}

TEST(forwarded_fields_of_one_name, must_not_differ) {
  auto scheme = seen_through("10.0.0.1", {{}, {"https", "http"}, {}});
  ASSERT_FALSE(scheme);
  EXPECT_EQ(scheme.error().status, 400u);
  EXPECT_EQ(scheme.error().message, "two X-Forwarded-Proto fields differ");
  auto host = seen_through("10.0.0.1", {{}, {}, {"a.test", "b.test"}});
  ASSERT_FALSE(host);
  EXPECT_EQ(host.error().message, "two X-Forwarded-Host fields differ");
}

TEST(forwarded_fields_of_a_stranger, are_ignored_whatever_is_in_them) {
  const forwarded_fields all{{"203.0.113.7"}, {"https", "http"}, {"a.test", "b.test"}};
  for (auto peer : {"192.0.2.1", "127.0.0.2", "2001:db8:e::1", "::1"}) {
    auto source = seen_through(peer, all);
    ASSERT_TRUE(source) << peer;
    EXPECT_EQ(source->client.to_string(), peer);
    EXPECT_FALSE(source->secure);
    EXPECT_EQ(source->host, "spillway.test");
  }
  EXPECT_EQ(client_of({"203.0.113.7"}, "::ffff:10.0.0.1"), "203.0.113.7");
}

}  // namespace
}  // namespace spillway::net
