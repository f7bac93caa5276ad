#include "actors/frame_blocks.hpp"

#include <gtest/gtest.h>

#include <string>

namespace spillway::actors {
namespace {

sequence append(frame_blocks& frames, std::string_view payload) {
  return frames.append(payload, protocol::payload_form::plain);
}

std::string bytes_of(const batch& b) {
  std::string out;
  for (const auto& s : b.slices) out += s.bytes;
  return out;
}

TEST(FrameBlocks, NumberFramesFromZeroAndKeepTheirPayloads) {
  frame_blocks frames;
  EXPECT_EQ(append(frames, "a"), 0u);
  EXPECT_EQ(append(frames, std::string(126, 'b')), 1u);
  EXPECT_EQ(append(frames, std::string(70'000, 'c')), 2u);
  EXPECT_EQ(frames.payload(0), "a");
  EXPECT_EQ(frames.payload(1), std::string(126, 'b'));
  EXPECT_EQ(frames.payload(2), std::string(70'000, 'c'));
}

TEST(FrameBlocks, GatherFramesOfABlockAsOneSliceWithoutACopy) {
  frame_blocks frames;
  for (int i = 0; i < 100; ++i) append(frames, "line");
  batch first;
  batch second;
  EXPECT_EQ(frames.gather(0, 100, 1 << 20, first), 100u);
  EXPECT_EQ(frames.gather(0, 100, 1 << 20, second), 100u);
  ASSERT_EQ(first.slices.size(), 1u);
  EXPECT_EQ(first.slices[0].bytes.data(), second.slices[0].bytes.data());
  EXPECT_EQ(first.frames, 100u);
  EXPECT_EQ(first.bytes, 100u * 6);
}

TEST(FrameBlocks, GatherAcrossBlocksInOrder) {
  frame_blocks frames;
  std::string expected;
  for (int i = 0; i < 300; ++i) {
    const std::string payload(1'000, static_cast<char>('a' + i % 26));
    append(frames, payload);
    expected += std::string("\x81\x7e\x03\xe8", 4) + payload;
  }
  batch all;
  EXPECT_EQ(frames.gather(0, 300, 1 << 20, all), 300u);
  EXPECT_EQ(bytes_of(all), expected);
  EXPECT_GT(all.slices.size(), 1u);
}

TEST(FrameBlocks, StopAtTheByteBoundButGiveAtLeastOneFrame) {
  frame_blocks frames;
  for (int i = 0; i < 10; ++i) append(frames, std::string(100, 'x'));  // 102 bytes each
  batch some;
  EXPECT_EQ(frames.gather(2, 10, 300, some), 4u);
  EXPECT_EQ(some.frames, 2u);
  batch one;
  EXPECT_EQ(frames.gather(2, 10, 1, one), 3u);
  EXPECT_EQ(one.frames, 1u);
}

TEST(FrameBlocks, BeginWhereTheyAreToldToAndLetGoOfTheOldestFirst) {
  frame_blocks frames(500);
  for (int i = 0; i < 1'000; ++i) EXPECT_EQ(append(frames, std::string(196, 'x')), 500u + i);
  EXPECT_EQ(frames.bytes(), 200'000u);
  frames.drop_before(1'400);
  EXPECT_EQ(frames.first(), 1'400u);
  EXPECT_EQ(frames.bytes(), 20'000u);
  frames.drop_before(9'999);
  EXPECT_EQ(frames.first(), 1'500u);
  EXPECT_EQ(frames.bytes(), 0u);
  EXPECT_EQ(append(frames, "on"), 1'500u);
  EXPECT_EQ(frames.payload(1'500), "on");
}

TEST(FrameBlocks, WhatWasGatheredOutlivesTheirOwnInterest) {
  frame_blocks frames;
  append(frames, "kept by the reader");
  batch held;
  frames.gather(0, 1, 1'000, held);
  for (int i = 0; i < 10'000; ++i) append(frames, "newer");
  frames.drop_before(10'000);
  EXPECT_EQ(bytes_of(held).substr(2), "kept by the reader");
}

TEST(FrameBlocks, TellADeflatedPayloadFromAPlainOne) {
  frame_blocks frames;
  frames.append("abc", protocol::payload_form::deflated);
  batch b;
  frames.gather(0, 1, 1'000, b);
  EXPECT_EQ(bytes_of(b),
            "\xc1\x03"
            "abc");
}

}  // namespace
}  // namespace spillway::actors
