#include "config/rate.hpp"

#include <gtest/gtest.h>

namespace spillway::config {
namespace {

TEST(rate, is_a_count_and_a_window) {
  auto plain = parse_rate("10/1m");
  ASSERT_TRUE(plain);
  EXPECT_EQ(plain->count, 10U);
  EXPECT_EQ(plain->window, std::chrono::minutes(1));
  auto worded = parse_rate("5 failures/15m", "failures");
  ASSERT_TRUE(worded);
  EXPECT_EQ(worded->count, 5U);
  EXPECT_EQ(worded->window, std::chrono::minutes(15));
}

TEST(rate, is_written_as_it_is_read) {
  EXPECT_EQ(format_rate(*parse_rate("10/90s")), "10/1m30s");
  EXPECT_EQ(format_rate(*parse_rate("5 failures/15m", "failures"), "failures"), "5 failures/15m");
}

TEST(rate, is_nothing_else) {
  for (const char* text : {"", "10", "/1m", "0/1m", "-1/1m", "10/", "10/0s", "10/999ms", "10/25h",
                           "10/1x", "1000001/1m", "10 /1m", "10 failures/1m", "10/1m "}) {
    EXPECT_FALSE(parse_rate(text)) << text;
  }
  for (const char* text : {"5/15m", "5 failure/15m", "5  failures/15m", "5failures/15m"}) {
    EXPECT_FALSE(parse_rate(text, "failures")) << text;
  }
}

}  // namespace
}  // namespace spillway::config
