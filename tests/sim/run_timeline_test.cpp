#include "sim/viewers/run_timeline.hpp"

#include <gtest/gtest.h>

namespace spillway::sim {
namespace {

timeline_sample second(int at) {
  timeline_sample made;
  made.at = at;
  made.span = 1;
  made.lines = 10;
  made.latency_count = 10;
  made.p99 = static_cast<std::uint64_t>(at);
  return made;
}

TEST(run_timeline, keeps_every_second_of_a_short_run) {
  run_timeline timeline(100);
  for (int i = 1; i <= 99; ++i) timeline.add(second(i));
  EXPECT_EQ(timeline.samples().size(), 99U);
}

TEST(run_timeline, stays_bounded_and_loses_no_line_and_no_peak) {
  run_timeline timeline(100);
  for (int i = 1; i <= 100'000; ++i) {
    auto sample = second(i);
    if (i == 77'777) sample.max = 5'000'000;
    timeline.add(sample);
    ASSERT_LT(timeline.samples().size(), 100U);
  }
  std::uint64_t lines = 0;
  std::uint64_t peak = 0;
  double span = 0;
  double before = 0;
  for (const auto& each : timeline.samples()) {
    lines += each.lines;
    span += each.span;
    peak = std::max(peak, each.max);
    EXPECT_GT(each.at, before);
    before = each.at;
  }
  EXPECT_EQ(peak, 5'000'000U);
  // The last ones may wait for the rest of their sample.
  EXPECT_GT(span, 97'000);
  EXPECT_DOUBLE_EQ(static_cast<double>(lines), span * 10);
}

TEST(run_timeline, merges_the_worse_of_what_was_measured) {
  auto a = second(1);
  a.p50 = 100;
  a.process = process_use{1'000, 7, 3, 0};
  auto b = second(2);
  b.p50 = 200;
  b.latency_count = 30;
  b.process = process_use{900, 9, 3, 0};
  const auto both = merged(a, b);
  EXPECT_EQ(both.p50, 175U);
  EXPECT_EQ(both.p99, 2U);
  EXPECT_EQ(both.process->resident_bytes, 1'000U);
  EXPECT_EQ(both.process->descriptors, 9U);
  EXPECT_DOUBLE_EQ(both.span, 2);
}

}  // namespace
}  // namespace spillway::sim
