#include "protocol/log_line.hpp"

#include <gtest/gtest.h>

namespace spillway::protocol {
namespace {

log_line make_line(int second, output_stream stream, std::string_view text,
                   std::uint64_t identity) {
  return {timestamp{std::chrono::seconds{second}}, stream, text, identity};
}

TEST(log_lines, keep_their_own_copy_of_every_line) {
  log_lines lines;
  std::string text = "first";
  lines.append(make_line(1, output_stream::standard_output, text, 11));
  text = "xxxxx";
  lines.append(make_line(2, output_stream::standard_error, "", 22));
  lines.append(make_line(3, output_stream::standard_output, "third", 33));

  ASSERT_EQ(lines.size(), 3u);
  EXPECT_EQ(lines.bytes(), 10u);
  EXPECT_EQ(lines[0].text, "first");
  EXPECT_EQ(lines[0].identity, 11u);
  EXPECT_EQ(lines[1].text, "");
  EXPECT_EQ(lines[1].stream, output_stream::standard_error);
  EXPECT_EQ(lines[1].at, timestamp{std::chrono::seconds{2}});
  EXPECT_EQ(lines[2].text, "third");
  EXPECT_EQ(lines[2].stream, output_stream::standard_output);
}

TEST(log_lines, are_empty_after_clear_and_can_be_filled_again) {
  log_lines lines;
  EXPECT_TRUE(lines.empty());
  lines.append(make_line(1, output_stream::standard_output, "gone", 1));
  EXPECT_FALSE(lines.empty());
  lines.clear();
  EXPECT_TRUE(lines.empty());
  EXPECT_EQ(lines.bytes(), 0u);
  lines.append(make_line(2, output_stream::standard_output, "here", 2));
  EXPECT_EQ(lines[0].text, "here");
}

}  // namespace
}  // namespace spillway::protocol
