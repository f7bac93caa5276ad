#include "protocol/utf8.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <random>
#include <vector>

namespace spillway::protocol {
namespace {

using namespace std::string_view_literals;

/// U+FFFD
const std::string r = "\xEF\xBF\xBD";

TEST(utf8, valid_text_stays_as_it_is) {
  for (std::string_view text :
       {""sv, "plain"sv, "a\0b"sv, "\xC2\x80"sv, "\xDF\xBF"sv, "\xE0\xA0\x80"sv, "\xED\x9F\xBF"sv,
        "\xEE\x80\x80"sv, "\xEF\xBF\xBF"sv, "\xF0\x90\x80\x80"sv, "\xF4\x8F\xBF\xBF"sv,
        "grüße, 世界 😀 behind"sv}) {
    EXPECT_TRUE(is_valid_utf8(text)) << text;
    EXPECT_EQ(repaired_utf8(text), text);
  }
}

TEST(utf8, each_maximal_ill_formed_part_becomes_one_replacement) {
  // The example of the Unicode Standard, table 3-8.
  EXPECT_EQ(repaired_utf8("a\xF1\x80\x80\xE1\x80\xC2"
                          "b\x80"
                          "c\x80\xBF"
                          "d"),
            "a" + r + r + r + "b" + r + "c" + r + r + "d");
}

TEST(utf8, overlong_forms_surrogates_and_numbers_past_the_end_are_not_characters) {
  EXPECT_EQ(repaired_utf8("\xC0\xAF"), r + r);
  EXPECT_EQ(repaired_utf8("\xE0\x9F\xBF"), r + r + r);
  EXPECT_EQ(repaired_utf8("\xED\xA0\x80"), r + r + r);
  EXPECT_EQ(repaired_utf8("\xF0\x8F\xBF\xBF"), r + r + r + r);
  EXPECT_EQ(repaired_utf8("\xF4\x90\x80\x80"), r + r + r + r);
  EXPECT_EQ(repaired_utf8("\xF5\x80\xFE\xFF"), r + r + r + r);
}

TEST(utf8, a_character_cut_off_at_the_end_is_one_replacement) {
  EXPECT_EQ(repaired_utf8("ab\xE2\x82"), "ab" + r);
  EXPECT_EQ(repaired_utf8("ab\xF0\x9F\x98"), "ab" + r);
  EXPECT_FALSE(is_valid_utf8("ab\xC3"));
}

TEST(utf8, repaired_text_is_appended_behind_what_is_there) {
  std::string out = "before ";
  append_repaired_utf8(out, "x\xFFy");
  EXPECT_EQ(out, "before x" + r + "y");
}

TEST(utf8, a_bad_byte_is_found_at_every_place_of_a_long_text) {
  for (std::size_t size = 1; size <= 40; ++size) {
    for (std::size_t place = 0; place < size; ++place) {
      std::string text(size, 'a');
      text[place] = '\x80';
      EXPECT_FALSE(is_valid_utf8(text));
      std::string expected = std::string(place, 'a') + r + std::string(size - place - 1, 'a');
      EXPECT_EQ(repaired_utf8(text), expected);
    }
  }
}

/// Slow and by the definition: every character that exists, encoded; what starts one is a prefix.
class reference_decoder {
 public:
  static std::string repair(std::string_view bytes) {
    std::string out;
    while (!bytes.empty()) {
      std::size_t size = well_formed_prefix(bytes);
      bool whole = size > 0 && is_character(bytes.substr(0, size));
      if (size == 0) size = 1;
      out += whole ? std::string{bytes.substr(0, size)} : r;
      bytes.remove_prefix(size);
    }
    return out;
  }

 private:
  static bool is_character(std::string_view bytes) {
    auto first = static_cast<std::uint8_t>(bytes[0]);
    std::size_t size = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    if (bytes.size() != size || (first >= 0x80 && first < 0xc0) || first >= 0xf8) return false;
    std::uint32_t code = size == 1 ? first : first & (0x7f >> size);
    for (std::size_t i = 1; i < size; ++i) {
      if ((bytes[i] & 0xc0) != 0x80) return false;
      code = code << 6 | (bytes[i] & 0x3f);
    }
    constexpr std::uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    return code >= smallest[size] && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
  }

  /// Whether some character starts with these bytes: tries every way to go on.
  static bool starts_character(std::string text) {
    if (is_character(text)) return true;
    if (text.size() >= 4) return false;
    for (int next = 0x80; next <= 0xbf; ++next) {
      // The third and fourth byte are free, so that one try stands for all.
      if (text.size() >= 2 && next != 0x80) break;
      if (starts_character(text + static_cast<char>(next))) return true;
    }
    return false;
  }

  static std::size_t well_formed_prefix(std::string_view bytes) {
    std::size_t size = 0;
    while (size < bytes.size() && starts_character(std::string{bytes.substr(0, size + 1)})) {
      ++size;
      if (is_character(bytes.substr(0, size))) break;
    }
    return size;
  }
};

TEST(utf8, random_bytes_are_repaired_like_a_simple_decoder_does) {
  std::mt19937 random{4};
  const std::vector<std::uint8_t> interesting = {0x00, 0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f,
                                                 0xa0, 0xbf, 0xc0, 0xc2, 0xdf, 0xe0, 0xe1,
                                                 0xed, 0xef, 0xf0, 0xf1, 0xf4, 0xf5, 0xff};
  for (int round = 0; round < 20'000; ++round) {
    std::string bytes(random() % 24, 'a');
    for (char& byte : bytes) {
      if (random() % 4 != 0) byte = static_cast<char>(interesting[random() % interesting.size()]);
    }
    std::string expected = reference_decoder::repair(bytes);
    ASSERT_EQ(repaired_utf8(bytes), expected) << round;
    ASSERT_TRUE(is_valid_utf8(expected));
    ASSERT_EQ(is_valid_utf8(bytes), bytes == expected);
  }
}

}  // namespace
}  // namespace spillway::protocol
