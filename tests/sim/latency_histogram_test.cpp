#include "sim/viewers/latency_histogram.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace spillway::sim {
namespace {

TEST(latency_histogram, knows_every_value_to_a_64th) {
  for (std::uint64_t value = 1; value < (std::uint64_t{1} << 60U); value = value * 3 + 1) {
    latency_histogram one;
    one.add(value);
    EXPECT_GE(one.max(), value);
    EXPECT_LE(one.max(), value + value / 64);
  }
}

TEST(latency_histogram, has_room_for_the_greatest_value) {
  latency_histogram one;
  one.add(std::numeric_limits<std::uint64_t>::max());
  one.add(0);
  EXPECT_EQ(one.max(), std::numeric_limits<std::uint64_t>::max());
  EXPECT_EQ(one.at(0), 0U);
}

TEST(latency_histogram, gives_percentiles) {
  latency_histogram of;
  EXPECT_EQ(of.at(0.5), 0U) << "without values";
  for (std::uint64_t value = 1; value <= 50; ++value) of.add(value);
  EXPECT_EQ(of.at(0.5), 26U);
  EXPECT_EQ(of.at(0.98), 50U);
  EXPECT_EQ(of.max(), 50U);
}

TEST(latency_histogram, tells_what_came_since) {
  shared_histogram shared;
  shared.add(10);
  const auto before = shared.now();
  shared.add(20);
  shared.add(30);
  const auto fresh = shared.now().since(before);
  EXPECT_EQ(fresh.count(), 2U);
  EXPECT_EQ(fresh.at(0), 20U);
  EXPECT_EQ(fresh.max(), 30U);
}

}  // namespace
}  // namespace spillway::sim
