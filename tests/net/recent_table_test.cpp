#include "net/recent_table.hpp"

#include <gtest/gtest.h>

namespace spillway::net {
namespace {

TEST(recent_table, forgets_what_was_asked_for_longest_ago) {
  recent_table<int> table(3);
  table.at("a") = 1;
  table.at("b") = 2;
  table.at("c") = 3;
  EXPECT_EQ(table.at("a"), 1);
  table.at("d") = 4;
  EXPECT_EQ(table.size(), 3u);
  EXPECT_EQ(table.find("b"), nullptr);
  ASSERT_TRUE(table.find("a") && table.find("c") && table.find("d"));
  EXPECT_EQ(*table.find("a"), 1);
}

TEST(recent_table, drops_old_ones_up_to_the_first_that_is_of_use) {
  recent_table<int> table(10);
  for (int i : {0, 0, 7, 0}) table.at(std::to_string(table.size())) = i;
  table.drop_oldest_while([](int value) { return value == 0; });
  EXPECT_EQ(table.size(), 2u);
  ASSERT_TRUE(table.find("2"));
  EXPECT_EQ(*table.find("2"), 7);
}

}  // namespace
}  // namespace spillway::net
