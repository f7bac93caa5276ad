#include "protocol/close.hpp"

#include <gtest/gtest.h>

#include <string>

#include "protocol/utf8.hpp"

namespace spillway::protocol {
namespace {

TEST(close_reason, keeps_a_short_text) {
  EXPECT_EQ(close_reason{"deploy finished"}.text(), "deploy finished");
  EXPECT_EQ(close_reason{}.text(), "");
}

TEST(close_reason, fits_a_control_frame) {
  EXPECT_EQ(close_reason{std::string(123, 'a')}.text(), std::string(123, 'a'));
  EXPECT_EQ(close_reason{std::string(124, 'a')}.text(), std::string(123, 'a'));
  EXPECT_EQ(close_reason{std::string(100'000, 'a')}.text(), std::string(123, 'a'));
}

TEST(close_reason, is_cut_between_characters) {
  for (std::string_view character : {"é", "€", "😀"}) {
    for (std::size_t before = 116; before <= 124; ++before) {
      std::string text(before, 'a');
      for (int i = 0; i < 4; ++i) text += character;
      close_reason reason{text};
      EXPECT_TRUE(is_valid_utf8(reason.text())) << before << character;
      EXPECT_LE(reason.text().size(), 123u);
      EXPECT_GT(reason.text().size() + character.size(), 123u);
      EXPECT_EQ(reason.text(), std::string_view{text}.substr(0, reason.text().size()));
    }
  }
}

TEST(close_reason, is_utf8_whatever_it_quotes) {
  EXPECT_EQ(close_reason{"bad \xFF byte"}.text(), "bad \xEF\xBF\xBD byte");
  close_reason damaged{std::string(200, '\xFF')};
  EXPECT_TRUE(is_valid_utf8(damaged.text()));
  EXPECT_EQ(damaged.text().size(), 123u);
}

TEST(close_frame, equals_one_with_the_same_code_and_text) {
  auto frame = [](close_code code, std::string_view text) { return close_frame{code, text}; };
  EXPECT_EQ(frame(close_code::normal, "a"), frame(close_code::normal, "a"));
  EXPECT_NE(frame(close_code::normal, "a"), frame(close_code::normal, "b"));
  EXPECT_NE(frame(close_code::normal, "a"), frame(close_code::going_away, "a"));
}

TEST(protocol_failure, has_a_reason_for_each_code_the_websocket_layer_sends) {
  EXPECT_EQ(protocol_failure_reason(1002), "protocol error");
  EXPECT_EQ(protocol_failure_reason(1007), "message is not UTF-8");
  EXPECT_EQ(protocol_failure_reason(1009), "message too big");
  for (int code : {0, 1000, 1001, 1005, 1006, 1008, 1011, 4000}) {
    EXPECT_EQ(protocol_failure_reason(static_cast<std::uint16_t>(code)), "") << code;
  }
}

}  // namespace
}  // namespace spillway::protocol
