#include "net/origin.hpp"

#include <gtest/gtest.h>

namespace spillway::net {
namespace {

struct origin_row {
  const char* origin;
  const char* host;
  bool secure;
  bool allowed;
};

TEST(origin, is_compared_by_scheme_host_and_port) {
  const origin_row rows[] = {
      {"http://a.test", "a.test", false, true},
      {"http://a.test:80", "a.test", false, true},
      {"http://a.test", "a.test:80", false, true},
      {"http://a.test:8443", "a.test:8443", false, true},
      {"HTTP://A.Test", "a.tEST", false, true},
      {"https://a.test", "a.test", true, true},
      {"https://a.test:443", "a.test", true, true},
      {"http://[::1]:8443", "[::1]:8443", false, true},
      {"http://[0:0:0:0:0:0:0:1]:8443", "[::1]:8443", false, true},
      {"http://[2001:DB8::A]", "[2001:db8:0:0::a]:80", false, true},
      {"https://[2001:db8::a]:443", "[2001:0db8:0000::000a]", true, true},
      {"http://[::ffff:127.0.0.1]", "[::ffff:7f00:1]", false, true},
      {"http://127.0.0.1:8443", "127.0.0.1:8443", false, true},
      {"http://a.test:080", "a.test", false, true},
      {"http://a.test.", "a.test.", false, true},
      {"http://a_b-c.test", "a_b-c.test", false, true},
      {"https://a.test", "a.test", false, false},
      {"http://a.test", "a.test", true, false},
      {"http://a.test:8443", "a.test", false, false},
      {"http://a.test", "a.test:8443", false, false},
      {"http://b.test", "a.test", false, false},
      {"http://a.test.evil.test", "a.test", false, false},
      {"http://evil.test/a.test", "a.test", false, false},
      {"http://a.test@evil.test", "a.test", false, false},
      {"http://evil.test@a.test", "a.test", false, false},
      {"http://a.test/", "a.test", false, false},
      {"http://a.test:", "a.test", false, false},
      {"http://a.test:0", "a.test:0", false, false},
      {"http://a.test:99999", "a.test:99999", false, false},
      {"http://[::1", "[::1", false, false},
      {"http://[::1]x", "[::1]", false, false},
      {"http://[nonsense]", "[nonsense]", false, false},
      {"http://[::1]", "[::2]", false, false},
      {"http://::1", "[::1]", false, false},
      {"http://[fe80::1%lo]", "[fe80::1%lo]", false, false},
      {"http://[]", "[]", false, false},
      {"http://a.test.", "a.test", false, false},
      {"http://a.test", "a.test.", false, false},
      {"http://a.test:443", "a.test", true, false},
      {"https://a.test:80", "a.test", false, false},
      {"http://a.test:+80", "a.test", false, false},
      {"http://a.test: 80", "a.test", false, false},
      {"http://a.test:80:80", "a.test", false, false},
      {"http://a.test, http://b.test", "a.test", false, false},
      {"http://a.test http://b.test", "a.test", false, false},
      {"http://user:pass@a.test", "a.test", false, false},
      {"http://a.test#b", "a.test", false, false},
      {"http://a.test?b", "a.test", false, false},
      {"http://a%2etest", "a.test", false, false},
      {"ws://a.test", "a.test", false, false},
      {"://a.test", "a.test", false, false},
      {"http:/a.test", "a.test", false, false},
      {"http://a.test", "b@a.test", false, false},
      {"http://127.0.0.1", "localhost", false, false},
      {"http://127.1", "127.0.0.1", false, false},
      {"http://", "", false, false},
      {"null", "null", false, false},
      {"null", "a.test", false, false},
      {"", "a.test", false, false},
      {"a.test", "a.test", false, false},
      {"http://a.test", "", false, false},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(origin_allowed(row.origin, row.host, row.secure, {}), row.allowed)
        << row.origin << " at " << row.host;
  }
}

TEST(origin, may_be_one_of_the_allowed_ones) {
  const std::vector<std::string> allowed{"https://Dash.test", "not an origin", "null"};
  EXPECT_TRUE(origin_allowed("https://dash.test:443", "a.test", false, allowed));
  EXPECT_FALSE(origin_allowed("http://dash.test", "a.test", false, allowed));
  EXPECT_FALSE(origin_allowed("not an origin", "a.test", false, allowed));
  EXPECT_FALSE(origin_allowed("null", "a.test", false, allowed));
}

}  // namespace
}  // namespace spillway::net
