#include "bench/pacing.hpp"

#include <gtest/gtest.h>

namespace spillway::bench {
namespace {

constexpr std::int64_t second = 1'000'000'000;

/// Produces whatever is due whenever something is, until the end; returns when that was.
std::int64_t run_to_end(pacing& pace) {
  std::int64_t now = 0;
  while (pace.busy()) {
    now = pace.next_ns();
    pace.produced(pace.due(now), now);
  }
  return now;
}

TEST(Pacing, comes_out_with_as_many_lines_as_asked_for_in_their_time) {
  for (double rate : {3.0, 100.0, 5000.0, 123'456.0}) {
    pacing pace;
    const auto lines = static_cast<std::uint64_t>(rate * 2);
    pace.start(rate, lines, 0);
    const auto end = static_cast<double>(run_to_end(pace)) / static_cast<double>(second);
    EXPECT_NEAR(end, 2 - 1 / rate, 0.002) << rate;
  }
}

TEST(Pacing, has_one_line_at_a_time_due_where_they_are_rare) {
  pacing pace;
  pace.start(100, 1000, 0);
  EXPECT_EQ(pace.due(0), 1U);
  pace.produced(1, 0);
  EXPECT_EQ(pace.due(second / 200), 0U);
  EXPECT_EQ(pace.due(second / 100), 1U);
}

TEST(Pacing, has_everything_due_that_could_not_be_written) {
  pacing pace;
  pace.start(1000, 1'000'000, 0);
  EXPECT_EQ(pace.due(second), 1001U);
}

TEST(Pacing, has_nothing_due_once_stopped) {
  pacing pace;
  pace.start(1000, 1'000'000, 0);
  pace.produced(pace.due(0), 0);
  pace.stop();
  EXPECT_FALSE(pace.busy());
  EXPECT_EQ(pace.due(second), 0U);
}

}  // namespace
}  // namespace spillway::bench
