#include "config/origin.hpp"

#include <gtest/gtest.h>

namespace spillway::config {
namespace {

TEST(origin, is_scheme_host_and_port) {
  EXPECT_EQ(normalised_origin("https://app.example"), "https://app.example");
  EXPECT_EQ(normalised_origin("http://localhost:3000"), "http://localhost:3000");
  EXPECT_EQ(normalised_origin("http://[::1]:3000"), "http://[::1]:3000");
}

TEST(origin, is_lower_case) {
  EXPECT_EQ(normalised_origin("HTTPS://App.Example:8443"), "https://app.example:8443");
}

TEST(origin, leaves_out_the_default_port_as_browsers_do) {
  EXPECT_EQ(normalised_origin("https://app.example:443"), "https://app.example");
  EXPECT_EQ(normalised_origin("http://app.example:80"), "http://app.example");
  EXPECT_EQ(normalised_origin("http://app.example:443"), "http://app.example:443");
}

TEST(origin, is_nothing_more_and_nothing_less) {
  for (std::string_view text :
       {"", "*", "null", "app.example", "app.example:443", "//app.example", "https://",
        "https://app.example/", "https://app.example/page", "https://app.example?x",
        "https:", "https://app.example#x", "https://me@app.example", "https://app.example:0",
        "https://app.example:70000", "https://app.example:x", "https://app example",
        "https://a%2fb", "https:app.example"}) {
    EXPECT_FALSE(normalised_origin(text)) << text;
  }
}

/// Boost would read it as port 59534.
TEST(origin, has_no_port_that_is_too_long_for_one) {
  EXPECT_FALSE(normalised_origin("https://app.example:02222222"));
  EXPECT_EQ(normalised_origin("https://app.example:08443"), "https://app.example:8443");
}

TEST(origin, is_no_pattern) {
  for (std::string_view text :
       {"https://*", "https://*.app.example", "https://app.*", "https://*:8443",
        "https://app.example:*", "https://(app)", "https://[v1.a]"}) {
    EXPECT_FALSE(normalised_origin(text)) << text;
  }
  EXPECT_EQ(normalised_origin("https://a-b_c.1.example"), "https://a-b_c.1.example");
}

}  // namespace
}  // namespace spillway::config
