#include "client/server_address.hpp"

#include <gtest/gtest.h>

namespace spillway::client {
namespace {

TEST(server_address, a_url_names_scheme_host_and_port) {
  EXPECT_EQ(parse_server_url("http://127.0.0.1:8443"),
            (server_address{false, "127.0.0.1", "8443"}));
  EXPECT_EQ(parse_server_url("https://example.com"), (server_address{true, "example.com", "443"}));
  EXPECT_EQ(parse_server_url("http://example.com/"), (server_address{false, "example.com", "80"}));
  EXPECT_EQ(parse_server_url("http://[::1]:80")->authority(), "[::1]:80");
  EXPECT_EQ(parse_server_url("http://[::1]:80")->host, "::1");
}

TEST(server_address, what_is_no_server_is_refused_with_what_to_write) {
  for (const char* url :
       {"", "localhost:8443", "ftp://host", "http://", "http://host/path", "http://host?x=1",
        "http://host:99999", "http://host:0", "http://me@host", "http://ho st"}) {
    const auto parsed = parse_server_url(url);
    ASSERT_FALSE(parsed) << url;
    EXPECT_NE(parsed.error().find("https://HOST:PORT"), std::string::npos) << parsed.error();
  }
}

TEST(server_address, no_secret_in_a_url_is_repeated) {
  EXPECT_EQ(parse_server_url("http://me:hunter22@host").error().find("hunter22"),
            std::string::npos);
  EXPECT_EQ(parse_server_url("sd_abcdefghijklmnopqrstuvwxyz").error().find("sd_abc"),
            std::string::npos);
}

}  // namespace
}  // namespace spillway::client
