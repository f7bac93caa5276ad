#include "actors/frame_ring.hpp"

#include <gtest/gtest.h>

#include <string>

namespace spillway::actors {
namespace {

std::string bytes_of(const batch& b) {
  std::string out;
  for (const auto& s : b.slices) out += s.bytes;
  return out;
}

TEST(FrameRing, NumbersFramesFromZeroAndKeepsTheirPayloads) {
  frame_ring ring({});
  EXPECT_EQ(ring.append("a"), 0u);
  EXPECT_EQ(ring.append(std::string(126, 'b')), 1u);
  EXPECT_EQ(ring.append(std::string(70'000, 'c')), 2u);
  EXPECT_EQ(ring.payload(0), "a");
  EXPECT_EQ(ring.payload(1), std::string(126, 'b'));
  EXPECT_EQ(ring.payload(2), std::string(70'000, 'c'));
}

TEST(FrameRing, GathersFramesOfABlockAsOneSliceWithoutACopy) {
  frame_ring ring({});
  for (int i = 0; i < 100; ++i) ring.append("line");
  batch first;
  batch second;
  EXPECT_EQ(ring.gather(0, 100, 1 << 20, first), 100u);
  EXPECT_EQ(ring.gather(0, 100, 1 << 20, second), 100u);
  ASSERT_EQ(first.slices.size(), 1u);
  EXPECT_EQ(first.slices[0].bytes.data(), second.slices[0].bytes.data());
  EXPECT_EQ(first.frames, 100u);
  EXPECT_EQ(first.bytes, 100u * 6);
}

TEST(FrameRing, GathersAcrossBlocksInOrder) {
  frame_ring ring({});
  std::string expected;
  for (int i = 0; i < 300; ++i) {
    const std::string payload(1'000, static_cast<char>('a' + i % 26));
    ring.append(payload);
    expected += std::string("\x81\x7e\x03\xe8", 4) + payload;
  }
  batch all;
  EXPECT_EQ(ring.gather(0, 300, 1 << 20, all), 300u);
  EXPECT_EQ(bytes_of(all), expected);
  EXPECT_GT(all.slices.size(), 1u);
}

TEST(FrameRing, StopsAtTheByteBoundButGivesAtLeastOneFrame) {
  frame_ring ring({});
  for (int i = 0; i < 10; ++i) ring.append(std::string(100, 'x'));  // 102 bytes each
  batch some;
  EXPECT_EQ(ring.gather(2, 10, 300, some), 4u);
  EXPECT_EQ(some.frames, 2u);
  batch one;
  EXPECT_EQ(ring.gather(2, 10, 1, one), 3u);
  EXPECT_EQ(one.frames, 1u);
}

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
}

TEST(FrameRing, WhatWasGatheredOutlivesTheRingsOwnInterest) {
  frame_ring ring({.frames = 1});
  ring.append("kept by the reader");
  batch held;
  ring.gather(0, 1, 1'000, held);
  for (int i = 0; i < 10'000; ++i) ring.append("newer");
  EXPECT_EQ(bytes_of(held).substr(2), "kept by the reader");
}

}  // namespace
}  // namespace spillway::actors
