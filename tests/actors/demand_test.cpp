#include "actors/demand.hpp"

#include <gtest/gtest.h>

namespace spillway::actors {
namespace {

TEST(Demand, AViewerWhoKeepsUpIsSeenAsReadyAndSendsNothing) {
  demand d;
  EXPECT_TRUE(d.ready_or_ask());
  d.occupy();
  EXPECT_FALSE(d.release());
  EXPECT_TRUE(d.ready_or_ask());
}

TEST(Demand, ABusyViewerIsAskedOnceAndTellsOnceWhenItCan) {
  demand d;
  d.occupy();
  EXPECT_FALSE(d.ready_or_ask());
  EXPECT_FALSE(d.ready_or_ask());
  EXPECT_TRUE(d.release());
  EXPECT_TRUE(d.ready_or_ask());
  d.occupy();
  EXPECT_FALSE(d.release());
}

TEST(Demand, AskedWithTheBatchItTellsAsWell) {
  demand d;
  d.occupy_and_ask();
  EXPECT_FALSE(d.ready_or_ask());
  EXPECT_TRUE(d.release());
}

}  // namespace
}  // namespace spillway::actors
