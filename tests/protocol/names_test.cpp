#include "protocol/names.hpp"

#include <gtest/gtest.h>

namespace spillway::protocol {
namespace {

using namespace std::string_view_literals;

TEST(slug, is_letters_digits_dots_underscores_and_hyphens) {
  for (std::string_view text : {"a", "7", "my-app", "My.App_2", "a.", "a-", "a..b"}) {
    auto parsed = slug::parse(text);
    ASSERT_TRUE(parsed) << text;
    EXPECT_EQ(parsed->text(), text);
  }
}

TEST(slug, is_never_a_path_nor_hidden_nor_an_option) {
  for (std::string_view text :
       {""sv, "."sv, ".."sv, "../etc"sv, ".hidden"sv, "-rf"sv, "_a"sv, "a/b"sv, "a\\b"sv, "a b"sv,
        "a\0b"sv, "a\n"sv, "caf\xC3\xA9"sv, "a%2fb"sv, "a:b"sv}) {
    EXPECT_FALSE(slug::parse(text)) << text;
  }
}

TEST(slug, has_at_most_63_characters) {
  EXPECT_TRUE(slug::parse(std::string(63, 'a')));
  EXPECT_FALSE(slug::parse(std::string(64, 'a')));
  EXPECT_FALSE(slug::parse(std::string(10'000, 'a')));
}

TEST(service_name, has_the_alphabet_of_a_slug_and_255_characters) {
  EXPECT_TRUE(service_name::parse("web"));
  EXPECT_TRUE(service_name::parse("Web_1.x-y"));
  EXPECT_TRUE(service_name::parse(std::string(255, 'a')));
  EXPECT_FALSE(service_name::parse(std::string(256, 'a')));
  EXPECT_FALSE(service_name::parse(""));
  EXPECT_FALSE(service_name::parse("we b"));
  EXPECT_FALSE(service_name::parse("../web"));
}

TEST(compose_project, is_the_prefix_and_the_slug) {
  EXPECT_EQ(compose_project("simpledeploy-", *slug::parse("my-app")), "simpledeploy-my-app");
}

TEST(compose_project, is_lower_case_and_has_no_dots) {
  EXPECT_EQ(compose_project("P-", *slug::parse("My.App_2")), "p-my-app_2");
}

TEST(compose_project, starts_with_a_letter_or_digit_whatever_the_prefix_is) {
  EXPECT_EQ(compose_project("", *slug::parse("web")), "web");
  EXPECT_EQ(compose_project("-_", *slug::parse("Web")), "web");
}

}  // namespace
}  // namespace spillway::protocol
