#include "actors/deflated_ring.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "client_decoder.hpp"
#include "log_samples.hpp"

namespace spillway::actors::testing {
namespace {

constexpr std::size_t plenty = 64 << 20;

class DeflatedRing : public ::testing::Test {
 protected:
  void append(sequence count) {
    for (; count > 0; --count) ring.append(sample_frame(ring.end()));
    twin.trim();
  }
  static std::vector<std::string> frames(sequence from, sequence to) {
    std::vector<std::string> out;
    for (sequence s = from; s < to; ++s) out.push_back(sample_frame(s));
    return out;
  }
  /// What a client gets who reads from `from` to `to` at `window` bytes a batch.
  std::vector<std::string> read(client_decoder& client, sequence from, sequence to,
                                std::size_t window = plenty) {
    std::vector<std::string> out;
    while (from < to) {
      batch b;
      const sequence stopped = twin.gather(from, to, window, b);
      for (auto& payload : client.decode(b)) out.push_back(std::move(payload));
      if (stopped == from) break;
      from = stopped;
    }
    return out;
  }

  frame_ring ring{{.frames = 5'000}};
  deflated_ring twin{ring, *deflater::make(), 0};
};

TEST_F(DeflatedRing, CompressesNothingBeforeItIsWanted) {
  append(1'000);
  EXPECT_EQ(twin.end(), 0u);
  batch b;
  EXPECT_EQ(twin.gather(0, 10, plenty, b), 10u);
  EXPECT_EQ(twin.end(), 10u);
}

TEST_F(DeflatedRing, GivesTheRingsFramesCompressed) {
  append(2'000);
  client_decoder client;
  EXPECT_EQ(read(client, 0, 2'000), frames(0, 2'000));
  EXPECT_EQ(client.deflated_frames(), 2'000u);
  EXPECT_LT(client.wire_bytes() * 100, ring.bytes() * 35);
}

TEST_F(DeflatedRing, OneCanBeginAtEverySegment) {
  append(1'500);
  client_decoder first;
  read(first, 0, 1'500);
  for (sequence start : {0, 256, 512, 1'280}) {
    client_decoder client;
    EXPECT_EQ(twin.entry(start), start);
    EXPECT_EQ(read(client, start, 1'500), frames(start, 1'500));
  }
  EXPECT_EQ(twin.entry(1), 256u);
  EXPECT_EQ(twin.entry(1'281), 1'536u) << "a segment to come";
}

TEST_F(DeflatedRing, AllReadersShareTheSameBytes) {
  append(300);
  batch a;
  batch b;
  twin.gather(0, 300, plenty, a);
  twin.gather(0, 300, plenty, b);
  ASSERT_EQ(a.slices.size(), 1u);
  EXPECT_EQ(a.slices[0].bytes.data(), b.slices[0].bytes.data());
}

TEST_F(DeflatedRing, TheWindowCountsCompressedBytes) {
  append(2'000);
  client_decoder client;
  batch b;
  const sequence stopped = twin.gather(0, 2'000, 4'000, b);
  EXPECT_LE(b.bytes, 4'000u);
  EXPECT_GT(b.bytes, 3'000u);
  EXPECT_GT(stopped, 60u) << "plain ones would be 30";
  EXPECT_LT(twin.end(), stopped + 10) << "no more is compressed than is wanted";
}

TEST_F(DeflatedRing, OneCallCompressesABoundedPieceOnly) {
  append(4'000);
  batch b;
  const sequence stopped = twin.gather(0, 4'000, plenty, b);
  EXPECT_LT(stopped, 2'000u);
  EXPECT_EQ(twin.end(), stopped);
}

TEST_F(DeflatedRing, BeginsAnewWhereAViewerStandsFarBeyondItsEnd) {
  append(300);
  client_decoder slow;
  read(slow, 0, 300);
  append(3'000);
  EXPECT_EQ(twin.entry(700), 768u);
  EXPECT_TRUE(twin.can_go_on(300)) << "that was not far";
  EXPECT_EQ(twin.entry(3'000), 3'072u);
  EXPECT_FALSE(twin.can_go_on(300));
  client_decoder fast;
  EXPECT_EQ(read(fast, 3'072, 3'300), frames(3'072, 3'300));
}

TEST_F(DeflatedRing, BeginsAnewWhereTheRingHasMovedPastItsEnd) {
  append(300);
  client_decoder early;
  read(early, 0, 300);
  append(5'100);
  EXPECT_EQ(twin.bytes(), 0u);
  const sequence start = twin.entry(ring.first());
  EXPECT_EQ(start, 512u);
  client_decoder late;
  EXPECT_EQ(read(late, start, 5'400), frames(start, 5'400));
}

TEST_F(DeflatedRing, LetsGoOfWhatTheRingLetGoOf) {
  append(5'000);
  client_decoder client;
  read(client, 0, 5'000);
  const std::size_t before = twin.bytes();
  append(4'000);
  EXPECT_EQ(twin.first(), ring.first());
  EXPECT_LT(twin.bytes(), before / 4);
  EXPECT_EQ(read(client, 5'000, 9'000), frames(5'000, 9'000)) << "a reader in step goes on";
}

TEST_F(DeflatedRing, IsNotMuchLargerThanFramesThatCannotBeCompressed) {
  for (sequence s = 0; s < 1'000; ++s) ring.append(noise_frame(s, 200));
  client_decoder client;
  const auto got = read(client, 0, 1'000);
  ASSERT_EQ(got.size(), 1'000u);
  for (sequence s = 0; s < 1'000; ++s) EXPECT_TRUE(got[s] == noise_frame(s, 200)) << s;
  EXPECT_LT(twin.bytes(), ring.bytes() + ring.bytes() / 10);
}

}  // namespace
}  // namespace spillway::actors::testing
