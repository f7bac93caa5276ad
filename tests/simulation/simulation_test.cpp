#include "simulation/simulation.hpp"

#include <gtest/gtest.h>

#include <string>

namespace spillway::simulation {
namespace {

/// The seeds of one test; together they are some hundreds.
constexpr std::uint64_t in_one_test = 50;

class seeds : public ::testing::TestWithParam<std::uint64_t> {};

TEST_P(seeds, break_no_invariant) {
  for (std::uint64_t seed = GetParam(); seed < GetParam() + in_one_test; ++seed) {
    const auto out = run_simulation(seed);
    if (out.violations.empty()) continue;
    std::string text;
    for (const auto& v : out.violations) text += "  " + v + '\n';
    text += "its last events:\n";
    for (const auto& t : out.trace) text += "  " + t + '\n';
    FAIL() << "seed " << seed << " (scripts/simulate --first " << seed << " --seeds 1):\n" << text;
  }
}

INSTANTIATE_TEST_SUITE_P(from, seeds, ::testing::Range<std::uint64_t>(0, 400, in_one_test));

TEST(simulation, of_a_seed_is_the_same_each_time) {
  for (std::uint64_t seed = 1'000; seed < 1'010; ++seed) {
    const auto first = run_simulation(seed);
    const auto second = run_simulation(seed);
    EXPECT_EQ(first.trace_hash, second.trace_hash) << seed;
    EXPECT_EQ(first.steps, second.steps) << seed;
  }
}

TEST(simulation, of_each_seed_is_another) {
  EXPECT_NE(run_simulation(1).trace_hash, run_simulation(2).trace_hash);
}

}  // namespace
}  // namespace spillway::simulation
