#include "bench/histogram.hpp"

#include <gtest/gtest.h>

namespace spillway::bench {
namespace {

TEST(Histogram, knows_a_value_to_a_sixty_fourth_of_it) {
  for (std::uint64_t value = 1; value < 1'000'000'000; value = value * 5 / 3 + 1) {
    histogram h;
    h.add(value);
    h.add(2'000'000'000);
    const auto found = static_cast<double>(h.at(0.25));
    EXPECT_GE(found, static_cast<double>(value));
    EXPECT_LE(found, static_cast<double>(value) * (1 + 1.0 / 64));
  }
}

TEST(Histogram, finds_the_share_asked_for) {
  histogram h;
  for (std::uint64_t i = 1; i <= 1000; ++i) h.add(i);
  EXPECT_NEAR(static_cast<double>(h.at(0.5)), 500, 8);
  EXPECT_NEAR(static_cast<double>(h.at(0.99)), 990, 16);
  EXPECT_EQ(h.at(1), 1000U);
  EXPECT_EQ(h.max(), 1000U);
}

TEST(Histogram, holds_the_values_of_another_one_that_was_added) {
  histogram low;
  histogram high;
  for (std::uint64_t i = 1; i <= 50; ++i) {
    low.add(i);
    high.add(1000 + i);
  }
  low.add(high);
  EXPECT_EQ(low.count(), 100U);
  EXPECT_EQ(low.max(), 1050U);
  EXPECT_EQ(low.at(0.25), 26U);
  EXPECT_GT(low.at(0.75), 1000U);
}

TEST(Histogram, is_zero_without_values) {
  EXPECT_EQ(histogram().at(0.99), 0U);
}

}  // namespace
}  // namespace spillway::bench
