#include "client/terminal_text.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <nlohmann/json.hpp>
#include <random>

namespace spillway::client {
namespace {

std::string in_colour(std::string_view line) {
  return terminal_text(line, colours::kept);
}

std::string in_plain(std::string_view line) {
  return terminal_text(line, colours::removed);
}

TEST(terminal_text, plain_text_in_any_language_passes) {
  for (const std::string line :
       {"", "GET /health 200", "\tindented", "caf\xc3\xa9 \xe2\x9c\x93 \xf0\x9f\x9a\x80"}) {
    EXPECT_EQ(in_colour(line), line);
    EXPECT_EQ(in_plain(line), line);
  }
}

TEST(terminal_text, colours_pass_and_are_reset_at_the_end) {
  EXPECT_EQ(in_colour("\x1b[1;32mok\x1b[m done"), "\x1b[1;32mok\x1b[m done\x1b[0m");
  EXPECT_EQ(in_colour("\x1b[38:2::1:2:3mok"), "\x1b[38:2::1:2:3mok\x1b[0m");
}

TEST(terminal_text, colours_are_removed_from_plain_text) {
  EXPECT_EQ(in_plain("\x1b[1;32mok\x1b[0m done"), "ok done");
}

TEST(terminal_text, what_moves_erases_titles_or_writes_the_clipboard_is_removed) {
  for (const std::string evil : {"\x1b[2J", "\x1b[10;10H", "\x1b[?1049h", "\x1b[>4;1m",
                                 "\x1b]52;c;aGk=\a", "\x1b]0;title\x1b\\", "\x1bP1$r0m\x1b\\",
                                 "\x1b"
                                 "c",
                                 "\x1b(0", "\x1b#8",
                                 "\xc2\x9b"
                                 "2J",
                                 "\xc2\x9d"
                                 "52;c;aGk=\xc2\x9c",
                                 "\xc2\x85", "\a", "\b", "\x7f", "\v", "\f", "\x0e"}) {
    EXPECT_EQ(in_colour("a" + evil + "b"), "ab") << testing::PrintToString(evil);
    EXPECT_EQ(in_plain("a" + evil + "b"), "ab") << testing::PrintToString(evil);
  }
}

TEST(terminal_text, a_string_without_its_end_hides_no_text) {
  EXPECT_EQ(in_colour("a\x1b]0;and the rest"), "a0;and the rest");
}

/// As long as a line of a container may be: it took minutes.
TEST(terminal_text, many_strings_without_an_end_take_no_longer_than_other_text) {
  for (const char* introducer : {"\x1b]", "\x1bP", "\x1b]\x1bP", "\xc2\x9d", "\x1b]\a\x1b_"}) {
    std::string line;
    while (line.size() < 256 << 10) line += introducer;
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_EQ(in_plain(line + "text"), "text");
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(2));
  }
}

TEST(terminal_text, a_sequence_that_is_cut_short_takes_nothing_else_along) {
  EXPECT_EQ(in_colour("a\x1b"), "a");
  EXPECT_EQ(in_colour("a\x1b[12"), "a");
  EXPECT_EQ(in_colour("a\x1b[1\x1b[31mb"), "a\x1b[31mb\x1b[0m");
}

TEST(terminal_text, a_carriage_return_cannot_overwrite_the_line) {
  EXPECT_EQ(in_colour("50%\r100%"), "50% 100%");
  EXPECT_EQ(in_colour("from windows\r"), "from windows");
}

TEST(terminal_text, bytes_that_are_no_utf_8_are_replaced) {
  EXPECT_EQ(in_colour("a\x9b"
                      "2J"),
            "a\xEF\xBF\xBD"
            "2J");
  EXPECT_EQ(in_colour("\xc3"), "\xEF\xBF\xBD");
}

/// Some terminals take the longer forms for the escape character itself.
TEST(terminal_text, a_longer_form_of_a_character_is_no_utf_8) {
  for (const std::string_view form : {"\xc0\x9b", "\xe0\x80\x9b", "\xf0\x80\x80\x9b",
                                      "\xe0\x82\x9b", "\xed\xa0\x80", "\xf4\x90\x80\x80"}) {
    const auto shown = in_colour(std::string(form) + "[2J");
    EXPECT_EQ(shown.find(form), std::string::npos) << testing::PrintToString(shown);
    EXPECT_TRUE(shown.starts_with("\xEF\xBF\xBD")) << testing::PrintToString(shown);
  }
}

/// Takes colour sequences out, so that what is left must be inert.
std::string without_colours(std::string text) {
  for (auto at = text.find("\x1b["); at != std::string::npos; at = text.find("\x1b[", at)) {
    const auto end = text.find_first_not_of("0123456789;:", at + 2);
    if (end == std::string::npos || text[end] != 'm') return text;
    text.erase(at, end - at + 1);
  }
  return text;
}

TEST(terminal_text, no_mix_of_pieces_leaves_a_control_character) {
  const std::vector<std::string> pieces{"\x1b", "[",    "]", "0",  ";",  "m", "P",
                                        "\\",   "\a",   "x", "\r", "?",  "5", "\xc2",
                                        "\x9b", "\x9c", "(", "H",  "\n", " "};
  std::mt19937 random(7);
  for (int round = 0; round < 20'000; ++round) {
    std::string line;
    for (auto count = random() % 12; count > 0; --count) line += pieces[random() % pieces.size()];
    for (const char c : in_plain(line))
      ASSERT_FALSE((c >= 0 && c < ' ') || c == '\x7f') << testing::PrintToString(line);
    for (const char c : without_colours(in_colour(line)))
      ASSERT_FALSE((c >= 0 && c < ' ') || c == '\x7f') << testing::PrintToString(line);
    ASSERT_EQ(in_plain(line).find("\xc2\x9b"), std::string::npos);
  }
}

/// A server that is none of ours may send anything.
TEST(terminal_text, what_is_no_json_acts_on_no_terminal) {
  EXPECT_EQ(json_for_terminal("\x1b]52;c;aGk=\a"), "\\u001b]52;c;aGk=\\u0007");
  EXPECT_EQ(json_for_terminal(std::string_view("17\0\x1b[2J", 7)), "17\\u0000\\u001b[2J");
  EXPECT_EQ(json_for_terminal("{\r\n\t\"a\": 1}"), "{   \"a\": 1}");
  EXPECT_EQ(json_for_terminal("\x9b\xe0\x80\x9b"),
            "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
}

TEST(terminal_text, json_for_a_terminal_means_the_same_without_control_characters) {
  std::string all;
  for (int c = 1; c < 0x250; ++c) {
    if (c >= 0x80) all += static_cast<char>(0xc0 | c >> 6);
    all += static_cast<char>(c < 0x80 ? c : 0x80 | (c & 0x3f));
  }
  const auto json = nlohmann::json{{"line", all}}.dump();
  const auto shown = json_for_terminal(json);
  EXPECT_EQ(nlohmann::json::parse(shown), nlohmann::json::parse(json));
  EXPECT_EQ(shown.find('\x7f'), std::string::npos);
  for (char c = '\x80'; c <= '\x9f'; ++c)
    EXPECT_EQ(shown.find(std::string("\xc2") + c), std::string::npos) << int(c);
  EXPECT_EQ(json_for_terminal("\"\xc3\x9c\""), "\"\xc3\x9c\"");
}

}  // namespace
}  // namespace spillway::client
