#include "app/compose_check.hpp"

#include <gtest/gtest.h>

#include "protocol/utf8.hpp"

namespace spillway::app {
namespace {

std::string verdict(std::string_view text) {
  const auto checked = check_compose(text);
  return checked ? "fine" : checked.error();
}

TEST(compose_check, a_map_with_services_is_fine) {
  EXPECT_EQ(verdict("services:\n  web:\n    image: nginx\n"), "fine");
  EXPECT_EQ(verdict("---\nversion: '3'\nx-base: &base {image: a}\nservices:\n  web: *base\n"),
            "fine");
  EXPECT_EQ(verdict(R"({"services": {"web": {"image": "nginx"}}})"), "fine");
}

TEST(compose_check, what_is_wrong_is_said) {
  const std::pair<std::string, const char*> cases[] = {
      {"", "empty"},
      {"# nothing but a comment\n", "empty"},
      {"- a\n- b\n", "not a YAML map"},
      {"just text", "not a YAML map"},
      {"version: '3'\n", "has no services"},
      {"services:\n", "not a map from names"},
      {"services: []\n", "not a map from names"},
      {"services: {}\n", "empty services map"},
      {"services:\n  web:\n", "service web that is not a map"},
      {"services:\n  web: nginx\n", "service web that is not a map"},
      {"services:\n  [a, b]: {image: x}\n", "not text"},
      {"services: {web: {image: a}}\n---\nservices: {}\n", "more than one YAML document"},
      {"services:\n  web:\n   image: [\n", "not YAML: line"},
      {"a: b: c\n", "not YAML: line 1"},
      {",", "not YAML: line 1: a comma"},
      {"services: {web: {image: a}}\n---\n,", "more than one YAML document"},
      {"services: *nowhere\n", "not YAML"},
      {std::string("services:\n  web: {image: a\0b}\n", 31), "NUL"},
      {"services:\n  web: {image: \"\xff\"}\n", "UTF-8"},
      {std::string(max_compose_bytes + 1, '#'), "larger than 1 MiB"},
  };
  for (const auto& [text, reason] : cases)
    EXPECT_NE(verdict(text).find(reason), std::string::npos)
        << text.substr(0, 60) << " -> " << verdict(text);
}

/// Where it quotes only a part of the file, too.
TEST(compose_check, what_is_wrong_is_said_in_utf8) {
  for (const std::string text : {"services: {a: \"\\\xc3\xa9\"}", "services:\n  x\xc3\xa9"}) {
    EXPECT_TRUE(protocol::is_valid_utf8(verdict(text))) << verdict(text);
  }
  std::string name = "x";
  while (name.size() < 200) name += "\xc3\xa9";
  EXPECT_TRUE(protocol::is_valid_utf8(verdict("services:\n  " + name + ": 1\n")));
}

TEST(compose_check, deep_nesting_is_an_error_and_no_crash) {
  for (const char* open : {"[", "{a: ", "- "}) {
    std::string text = "services: ";
    if (*open == '-') text += "\n";
    for (int i = 0; i < 100'000; ++i) text += open;
    EXPECT_NE(verdict(text), "fine") << open;
  }
}

TEST(compose_check, nested_aliases_are_not_expanded) {
  std::string text = "a0: &a0 {x: 1}\n";
  for (int i = 1; i < 60; ++i) {
    const std::string before = "*a" + std::to_string(i - 1);
    const std::string name = "a" + std::to_string(i);
    text += name + ": &" + name + " [" + before + ", " + before + "]\n";
  }
  EXPECT_EQ(verdict(text + "services: {web: {image: a}}\n"), "fine");
}

}  // namespace
}  // namespace spillway::app
