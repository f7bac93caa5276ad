#include "sim/numbered_line.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace spillway::sim {
namespace {

std::string head_of(const numbered_line& line) {
  std::string text;
  append_head(text, line);
  return text;
}

TEST(numbered_line, is_read_as_it_was_written) {
  const numbered_line line{3, std::numeric_limits<std::uint64_t>::max(),
                           std::chrono::nanoseconds(1'776'420'872'118'000'001)};
  EXPECT_EQ(head_of(line), "#3.18446744073709551615 @1776420872118000001 ");
  EXPECT_EQ(parse_head(head_of(line) + "and a text"), line);
}

TEST(numbered_line, is_nothing_else) {
  for (const char* text : {"", "#", "#1", "#1.2", "#1.2 ", "#1.2 @", "#1.2 @3", "1.2 @3 ",
                           "#1.2@3 ", "#x.2 @3 ", "#1.x @3 ", "#-1.2 @3 ", "#99999999999.2 @3 "})
    EXPECT_FALSE(parse_head(text)) << text;
}

}  // namespace
}  // namespace spillway::sim
