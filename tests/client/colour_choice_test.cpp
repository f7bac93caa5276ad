#include "client/colour_choice.hpp"

#include <gtest/gtest.h>

namespace spillway::client {
namespace {

constexpr colour_environment xterm{nullptr, "xterm"};

TEST(colour_choice, auto_is_coloured_on_a_terminal_alone) {
  EXPECT_EQ(choose_colours(colour_choice::automatic, true, xterm), colours::kept);
  EXPECT_EQ(choose_colours(colour_choice::automatic, false, xterm), colours::removed);
}

TEST(colour_choice, auto_heeds_no_color_and_a_dumb_terminal) {
  EXPECT_EQ(choose_colours(colour_choice::automatic, true, {"1", "xterm"}), colours::removed);
  EXPECT_EQ(choose_colours(colour_choice::automatic, true, {"", "xterm"}), colours::kept);
  EXPECT_EQ(choose_colours(colour_choice::automatic, true, {nullptr, "dumb"}), colours::removed);
  EXPECT_EQ(choose_colours(colour_choice::automatic, true, {nullptr, nullptr}), colours::removed);
}

TEST(colour_choice, always_and_never_are_just_that) {
  EXPECT_EQ(choose_colours(colour_choice::always, false, {"1", "dumb"}), colours::kept);
  EXPECT_EQ(choose_colours(colour_choice::never, true, xterm), colours::removed);
}

}  // namespace
}  // namespace spillway::client
