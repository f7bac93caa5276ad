#include "net/address_block.hpp"

#include <gtest/gtest.h>

namespace spillway::net {
namespace {

std::string block_text(const char* address) {
  return block_of(boost::asio::ip::make_address(address)).to_string();
}

TEST(address_block, of_ipv4_is_the_address_however_it_came_in) {
  EXPECT_EQ(block_text("192.0.2.7"), "192.0.2.7");
  EXPECT_EQ(block_text("::ffff:192.0.2.7"), "192.0.2.7");
}

TEST(address_block, of_ipv6_is_its_64) {
  EXPECT_EQ(block_text("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
  EXPECT_EQ(block_text("2001:db8:1:2::"), block_text("2001:db8:1:2:ffff:ffff:ffff:ffff"));
  EXPECT_NE(block_text("2001:db8:1:2::1"), block_text("2001:db8:1:3::1"));
  EXPECT_EQ(block_text("fe80::1%1"), "fe80::");
}

}  // namespace
}  // namespace spillway::net
