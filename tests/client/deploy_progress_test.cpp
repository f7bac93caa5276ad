#include "client/deploy_progress.hpp"

#include <gtest/gtest.h>

namespace spillway::client {
namespace {

using namespace std::chrono_literals;

const deploy_progress::clock::time_point progress_begin{};

TEST(deploy_progress, says_the_step_the_lines_and_the_time) {
  deploy_progress progress("shop", progress_begin);
  EXPECT_EQ(progress.text(progress_begin, 80), "| shop: starting, 0 lines, 0ms");
  progress.note(deploy_line{"T", "pull", "x"});
  EXPECT_EQ(progress.text(progress_begin + 8s, 80), "| shop: pull, 1 line, 8s");
  progress.note(deploy_line{"T", "up", "x"});
  EXPECT_EQ(progress.text(progress_begin + 8250ms, 80), "/ shop: up, 2 lines, 8s");
}

TEST(deploy_progress, says_the_place_in_line_while_the_deploy_waits) {
  deploy_progress progress("shop", progress_begin);
  progress.note(deploy_line{"T", "up", "[spillway] waiting for other deploys, place 2 in line"});
  EXPECT_EQ(progress.text(progress_begin, 80), "| shop: place 2 in line, 1 line, 0ms");
  progress.note(deploy_line{"T", "up", "Container started"});
  EXPECT_EQ(progress.text(progress_begin, 80), "| shop: up, 2 lines, 0ms");
}

TEST(deploy_progress, says_that_it_connects_again) {
  deploy_progress progress("shop", progress_begin);
  progress.waiting_for("connecting again");
  EXPECT_EQ(progress.text(progress_begin, 80), "| shop: connecting again, 0 lines, 0ms");
}

TEST(deploy_progress, never_is_wider_than_the_terminal_or_holds_what_a_terminal_acts_on) {
  deploy_progress progress("shop", progress_begin);
  progress.note(deploy_line{"T", std::string(500, 'x') + "\x1b[2J\n", "x"});
  EXPECT_EQ(progress.text(progress_begin, 20).size(), 20U);
  EXPECT_EQ(progress.text(progress_begin, 1000).find('\x1b'), std::string::npos);
  EXPECT_EQ(progress.text(progress_begin, 1000).find('\n'), std::string::npos);
}

}  // namespace
}  // namespace spillway::client
