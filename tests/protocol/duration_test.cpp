#include "protocol/duration.hpp"

#include <gtest/gtest.h>

#include <random>

namespace spillway::protocol {
namespace {

using namespace std::chrono_literals;

TEST(duration, reads_every_unit) {
  EXPECT_EQ(parse_duration("500ms"), 500ms);
  EXPECT_EQ(parse_duration("30s"), 30s);
  EXPECT_EQ(parse_duration("5m"), 5min);
  EXPECT_EQ(parse_duration("24h"), 24h);
  EXPECT_EQ(parse_duration("7d"), 168h);
  EXPECT_EQ(parse_duration("0s"), 0s);
}

TEST(duration, reads_sums) {
  EXPECT_EQ(parse_duration("1h30m"), 90min);
  EXPECT_EQ(parse_duration("1m500ms"), 60'500ms);
  EXPECT_EQ(parse_duration("1d2h3m4s5ms"), 26h + 3min + 4s + 5ms);
}

TEST(duration, refuses_what_is_none) {
  for (std::string_view text : {"", "10", "s", "1.5h", "-5m", "+5m", "5 m", " 5m", "5m ", "5x",
                                "5M", "1h30", "h1", "1hm", "1h-30m", "5us", "soon"}) {
    EXPECT_FALSE(parse_duration(text)) << text;
  }
}

TEST(duration, ends_at_292_years_instead_of_wrapping_around) {
  EXPECT_TRUE(parse_duration("106751d"));
  EXPECT_FALSE(parse_duration("106752d"));
  EXPECT_FALSE(parse_duration("106751d24h"));
  EXPECT_FALSE(parse_duration("9223372036854775807d"));
  EXPECT_FALSE(parse_duration("99999999999999999999s"));
}

TEST(duration, is_written_as_a_human_would) {
  EXPECT_EQ(format_duration(0ms), "0s");
  EXPECT_EQ(format_duration(500ms), "500ms");
  EXPECT_EQ(format_duration(1'500ms), "1s500ms");
  EXPECT_EQ(format_duration(5min), "5m");
  EXPECT_EQ(format_duration(90min), "1h30m");
  EXPECT_EQ(format_duration(24h), "24h");
  EXPECT_EQ(format_duration(36h), "36h");
  EXPECT_EQ(format_duration(7 * 24h), "7d");
}

TEST(duration, comes_back_from_its_text) {
  std::mt19937_64 random{3};
  for (int i = 0; i < 10'000; ++i) {
    // Every magnitude, from milliseconds to decades.
    std::chrono::milliseconds duration{static_cast<std::int64_t>(random() >> (24 + random() % 40))};
    EXPECT_EQ(parse_duration(format_duration(duration)), duration) << format_duration(duration);
  }
}

}  // namespace
}  // namespace spillway::protocol
