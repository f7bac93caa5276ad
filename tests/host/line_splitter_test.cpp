#include "host/line_splitter.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "protocol/utf8.hpp"

namespace spillway::host {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using lines = std::vector<std::string>;

lines split(std::string_view text, std::size_t chunk, std::size_t max_line = 1000,
            carriage_return mode = carriage_return::overwrites) {
  line_splitter splitter(max_line, mode);
  lines out;
  for (; !text.empty(); text.remove_prefix(std::min(chunk, text.size()))) {
    splitter.feed(text.substr(0, chunk), out);
  }
  splitter.finish(out);
  return out;
}

TEST(line_splitter, gives_the_same_lines_however_the_bytes_are_chunked) {
  for (std::size_t chunk = 1; chunk < 20; ++chunk) {
    EXPECT_THAT(split("one\ntwo\r\n\nfour", chunk), ElementsAre("one", "two", "", "four"));
  }
}

TEST(line_splitter, keeps_of_a_line_what_follows_its_last_bare_carriage_return) {
  for (std::size_t chunk = 1; chunk < 20; ++chunk) {
    EXPECT_THAT(split("pull 10%\rpull 50%\rpulled\nnext\n", chunk), ElementsAre("pulled", "next"));
  }
}

TEST(line_splitter, keeps_progress_that_ends_in_a_carriage_return) {
  EXPECT_THAT(split("pull 50%\r", 3), ElementsAre("pull 50%"));
  EXPECT_THAT(split("pull 50%\r\r\n", 3), ElementsAre("pull 50%"));
}

TEST(line_splitter, leaves_carriage_returns_alone_where_asked_to) {
  EXPECT_THAT(split("a\rb\r\nc", 2, 1000, carriage_return::kept), ElementsAre("a\rb\r", "c"));
}

TEST(line_splitter, leaves_a_line_of_the_greatest_length_whole) {
  const std::string line(100, 'x');
  EXPECT_THAT(split(line + "\nnext\n", 7, 100), ElementsAre(line, "next"));
}

TEST(line_splitter, cuts_a_longer_line_and_says_how_much_is_gone) {
  const std::string mark = " [spillway] line cut, 946 bytes dropped";
  const lines out = split(std::string(1000 + 6, 'x') + "\nnext\n", 7, 100);
  EXPECT_THAT(out, ElementsAre(std::string(60, 'x') + mark, "next"));
}

TEST(line_splitter, cuts_between_two_characters) {
  for (std::size_t lead = 0; lead < 4; ++lead) {
    std::string text(lead, 'x');
    for (int i = 0; i < 100; ++i) text += "\xF0\x9F\x90\xB3";
    const lines out = split(text, 7, 100);
    ASSERT_EQ(out.size(), 1U);
    EXPECT_LE(out[0].size(), 100U);
    EXPECT_TRUE(protocol::is_valid_utf8(out[0])) << out[0];
  }
}

TEST(line_splitter, forgets_a_cut_that_was_overwritten) {
  EXPECT_THAT(split(std::string(1000, 'x') + "\rshort\n", 7, 100), ElementsAre("short"));
}

TEST(line_splitter, makes_nothing_of_nothing) {
  EXPECT_THAT(split("", 1), IsEmpty());
}

}  // namespace
}  // namespace spillway::host
