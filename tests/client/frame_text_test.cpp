#include "client/frame_text.hpp"

#include <gtest/gtest.h>

namespace spillway::client {
namespace {

std::string shown(const frame& of, const line_style& style, deploy_duration took = {}) {
  return frame_text(of, "raw", style, took);
}

constexpr line_style plain_style{};
constexpr line_style colour_style{.colour = colours::kept};

TEST(frame_text, a_log_line_is_its_time_and_its_text) {
  EXPECT_EQ(shown(log_line{"T", "stdout", "hello"}, plain_style), "T hello\n");
  EXPECT_EQ(shown(log_line{"T", "stdout", "hello"}, colour_style), "\x1b[2mT\x1b[0m hello\n");
  EXPECT_EQ(shown(log_line{"T", "stdout", "hello"}, {.timestamps = false}), "hello\n");
  EXPECT_EQ(shown(log_line{"", "stdout", "hello"}, plain_style), "hello\n");
}

TEST(frame_text, standard_error_is_red_or_marked) {
  EXPECT_EQ(shown(log_line{"T", "stderr", "oh"}, plain_style), "T ! oh\n");
  EXPECT_EQ(shown(log_line{"T", "stderr", "oh"}, colour_style),
            "\x1b[2mT\x1b[0m \x1b[31moh\x1b[0m\n");
}

TEST(frame_text, times_can_be_short) {
  const line_style brief{.short_timestamps = true};
  EXPECT_EQ(shown(log_line{"2026-04-17T10:14:32.118456789Z", "stdout", "x"}, brief),
            "2026-04-17T10:14:32.118Z x\n");
  EXPECT_EQ(shown(log_line{"2026-04-17T10:14:32Z", "stdout", "x"}, brief),
            "2026-04-17T10:14:32Z x\n");
}

TEST(frame_text, plain_text_holds_no_escape_whatever_was_printed) {
  const std::string evil = "\x1b[31mred\x1b]52;c;aGk=\a";
  for (const frame& of : {frame(log_line{evil, "stderr", evil}), frame(skip_notice{evil, evil, 9}),
                          frame(process_line{evil}), frame(deploy_line{evil, evil, evil}),
                          frame(deploy_end{evil, evil, evil, 1}), frame(unknown_frame{})})
    EXPECT_EQ(frame_text(of, evil, plain_style).find('\x1b'), std::string::npos);
}

TEST(frame_text, notices_stand_out) {
  EXPECT_EQ(shown(skip_notice{"T", "9 lines skipped", 9}, colour_style),
            "\x1b[2mT\x1b[0m \x1b[33m9 lines skipped\x1b[0m\n");
  EXPECT_EQ(shown(deploy_line{"T", "up", "[spillway] waiting"}, colour_style),
            "\x1b[36m[up]\x1b[0m \x1b[33m[spillway] waiting\x1b[0m\n");
}

TEST(frame_text, the_end_of_a_deploy_says_status_exit_code_and_duration) {
  EXPECT_EQ(shown(deploy_end{"T", "up", "failed", 3}, plain_style, std::chrono::seconds(75)),
            "deploy failed, exit code 3, 1m 15s\n");
  EXPECT_EQ(shown(deploy_end{"T", "up", "success", 0}, plain_style),
            "deploy success, exit code 0\n");
}

TEST(frame_text, durations_are_short) {
  using namespace std::chrono_literals;
  EXPECT_EQ(short_duration(0ms), "0ms");
  EXPECT_EQ(short_duration(999ms), "999ms");
  EXPECT_EQ(short_duration(59'999ms), "59s");
  EXPECT_EQ(short_duration(60s), "1m 0s");
  EXPECT_EQ(short_duration(2h + 5min + 9s), "2h 5m");
}

}  // namespace
}  // namespace spillway::client
