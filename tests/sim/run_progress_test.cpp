#include "sim/viewers/run_progress.hpp"

#include <gtest/gtest.h>

#include <sstream>

namespace spillway::sim {
namespace {

TEST(run_progress, tells_of_a_broken_promise_at_once_and_once) {
  scoreboard board(1);
  std::ostringstream out;
  run_progress progress(out, run_progress::form::lines, 60);
  timeline_sample sample;
  sample.at = 10;
  progress.show(sample, board);
  EXPECT_EQ(out.str().find("broken: "), std::string::npos);
  broken_invariant gap;
  gap.what = {flaw_kind::gap, "2 lines are missing"};
  gap.viewer = 7;
  gap.stream = "logs of a/b";
  board.broke(gap);
  for (const double at : {20.0, 30.0}) {
    sample.at = at;
    progress.show(sample, board);
  }
  const std::string told = "  broken: gap: 2 lines are missing (logs of a/b, viewer 7)\n";
  const auto first = out.str().find(told);
  EXPECT_NE(first, std::string::npos) << out.str();
  EXPECT_EQ(out.str().rfind(told), first);
}

}  // namespace
}  // namespace spillway::sim
