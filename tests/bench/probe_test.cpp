#include "bench/probe.hpp"

#include <gtest/gtest.h>

namespace spillway::bench {
namespace {

/// Ten lines for each of three viewers.
stream_result stream_with(std::uint64_t frames) {
  stream_result stream;
  stream.lines = 10;
  stream.viewers = 3;
  stream.frames = frames;
  return stream;
}

TEST(StreamResult, has_lost_nothing_where_every_line_came) {
  EXPECT_EQ(stream_with(30).lost(), 0U);
}

TEST(StreamResult, has_lost_what_did_not_come) {
  EXPECT_EQ(stream_with(26).lost(), 4U);
}

TEST(StreamResult, counts_skipped_lines_once_although_their_notice_is_a_frame) {
  auto stream = stream_with(30 - 8 + 1);
  stream.skipped = 8;
  EXPECT_EQ(stream.lost(), 8U);
}

TEST(StreamResult, a_line_that_came_twice_hides_no_loss) {
  auto stream = stream_with(31);
  stream.gaps = 2;
  EXPECT_EQ(stream.lost(), 2U);
}

}  // namespace
}  // namespace spillway::bench
