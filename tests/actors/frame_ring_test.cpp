#include "actors/frame_ring.hpp"

#include <gtest/gtest.h>

#include <string>

namespace spillway::actors {
namespace {

TEST(FrameRing, LetsGoOfTheOldestFramesBeyondEitherBound) {
  frame_ring by_count({.frames = 3});
  for (int i = 0; i < 10; ++i) by_count.append(std::to_string(i));
  EXPECT_EQ(by_count.first(), 7u);
  EXPECT_EQ(by_count.payload(7), "7");

  frame_ring by_bytes({.bytes = 1'000});
  for (int i = 0; i < 100; ++i) by_bytes.append(std::string(98, 'x'));  // 100 bytes each
  EXPECT_EQ(by_bytes.end() - by_bytes.first(), 10u);
  EXPECT_EQ(by_bytes.bytes(), 1'000u);
}

TEST(FrameRing, KeepsTheNewestFrameWhateverItsSize) {
  frame_ring ring({.bytes = 100});
  ring.append(std::string(5'000, 'x'));
  EXPECT_EQ(ring.end() - ring.first(), 1u);
  EXPECT_EQ(ring.payload(0).size(), 5'000u);
}

}  // namespace
}  // namespace spillway::actors
