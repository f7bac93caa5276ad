#include "config/endpoint.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace spillway::config {
namespace {

using testing::HasSubstr;

TEST(endpoint, comes_back_from_its_text) {
  for (std::string_view text : {"127.0.0.1:8443", "0.0.0.0:0", "localhost:65535", "[::1]:0",
                                "[fe80::1%eth0]:80", "a-host.example:443"}) {
    auto parsed = parse_endpoint(text);
    ASSERT_TRUE(parsed) << text;
    EXPECT_EQ(format_endpoint(*parsed), text);
  }
}

TEST(endpoint, is_a_host_without_brackets_and_a_port) {
  auto parsed = parse_endpoint("[::1]:8443");
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->host, "::1");
  EXPECT_EQ(parsed->port, 8443);
}

TEST(endpoint, says_what_is_wrong_with_one) {
  struct example {
    std::string_view text, complaint;
  };
  for (const auto& [text, complaint] :
       {example{"localhost", "has no port"}, example{"", "has no port"},
        example{"localhost:", "port is not a number"}, example{"localhost:http", "not a number"},
        example{"localhost:65536", "from 0 to 65535"}, example{"localhost:-1", "not a number"},
        example{"localhost:80 ", "not a number"}, example{":8443", "0.0.0.0:PORT"},
        example{"[]:80", "has no host"}, example{"::1:8443", "needs brackets"},
        example{"[::1]", "port is not a number"}, example{"[host]:80", "for IPv6 addresses alone"},
        example{"a b:80", "not a name or address"}, example{"http://a:80", "needs brackets"},
        example{"a/b:80", "not a name or address"}}) {
    auto parsed = parse_endpoint(text);
    ASSERT_FALSE(parsed) << text;
    EXPECT_THAT(parsed.error(), HasSubstr(complaint)) << text;
  }
}

}  // namespace
}  // namespace spillway::config
