#include "config/address_range.hpp"

#include <gtest/gtest.h>

namespace spillway::config {
namespace {

bool holds(std::string_view range, const char* address) {
  auto parsed = address_range::parse(range);
  EXPECT_TRUE(parsed) << range;
  return parsed && parsed->contains(boost::asio::ip::make_address(address));
}

TEST(address_range, is_a_network_of_either_family) {
  EXPECT_TRUE(holds("10.0.0.0/8", "10.255.1.2"));
  EXPECT_FALSE(holds("10.0.0.0/8", "11.0.0.1"));
  EXPECT_TRUE(holds("2001:db8::/32", "2001:db8:ffff::1"));
  EXPECT_FALSE(holds("2001:db8::/32", "2001:db9::1"));
  EXPECT_FALSE(holds("0.0.0.0/0", "::1"));
  EXPECT_TRUE(holds("0.0.0.0/0", "203.0.113.7"));
  EXPECT_TRUE(holds("::/0", "::1"));
}

TEST(address_range, is_one_address_where_there_is_no_prefix) {
  EXPECT_TRUE(holds("192.0.2.1", "192.0.2.1"));
  EXPECT_FALSE(holds("192.0.2.1", "192.0.2.2"));
  EXPECT_TRUE(holds("::1", "::1"));
  EXPECT_FALSE(holds("::1", "127.0.0.1"));
}

TEST(address_range, takes_bits_below_the_prefix_as_zero) {
  EXPECT_TRUE(holds("10.1.2.3/8", "10.9.9.9"));
  EXPECT_EQ(address_range::parse("10.1.2.3/8")->text(), "10.0.0.0/8");
}

TEST(address_range, knows_an_ipv4_address_that_came_over_ipv6) {
  EXPECT_TRUE(holds("10.0.0.0/8", "::ffff:10.1.2.3"));
  EXPECT_FALSE(holds("10.0.0.0/8", "::ffff:11.1.2.3"));
  EXPECT_TRUE(holds("::ffff:10.0.0.1", "10.0.0.1"));
}

TEST(address_range, does_not_mind_the_scope_of_who_asks) {
  EXPECT_TRUE(holds("fe80::/10", "fe80::1%1"));
}

TEST(address_range, is_written_as_it_is_read) {
  for (const char* text : {"10.0.0.0/8", "192.0.2.1", "2001:db8::/32", "::1", "::/0"}) {
    EXPECT_EQ(address_range::parse(text)->text(), text);
  }
}

TEST(address_range, is_nothing_else) {
  for (const char* text :
       {"", "/", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/8/8", "10.0.0.0/ 8",
        "10.0.0/8", "10.0.0.0.0", "::1/129", "localhost", "*", " 10.0.0.1", "[::1]", "10.0.0.1:80",
        "fe80::1%1", "::ffff:10.0.0.0/104", "10.0.0.0/8x"}) {
    EXPECT_FALSE(address_range::parse(text)) << text;
  }
}

}  // namespace
}  // namespace spillway::config
