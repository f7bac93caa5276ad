#include "client/frame.hpp"

#include <gtest/gtest.h>

namespace spillway::client {
namespace {

TEST(frame, each_kind_of_the_three_streams_is_told_apart) {
  EXPECT_EQ(parse_frame(R"({"ts": "T", "stream": "stderr", "line": "x"})"),
            frame(log_line{"T", "stderr", "x"}));
  EXPECT_EQ(parse_frame(R"({"ts": "T", "stream": "stderr", "line": "gone", "skipped": 3})"),
            frame(skip_notice{"T", "gone", 3}));
  EXPECT_EQ(parse_frame(R"({"timestamp": "T", "action": "up", "output": "x", "done": false})"),
            frame(deploy_line{"T", "up", "x"}));
  EXPECT_EQ(parse_frame(R"({"timestamp": "T", "action": "up", "output": "", "done": true,
                            "status": "failed", "exit_code": 3})"),
            frame(deploy_end{"T", "up", "failed", 3}));
  EXPECT_EQ(parse_frame(R"({"done": true, "action": "none"})"), frame(no_deploy{}));
  EXPECT_EQ(parse_frame(R"({"error": "container not found"})"),
            frame(error_frame{"container not found"}));
  EXPECT_EQ(parse_frame(R"("T [api] a line")"), frame(process_line{"T [api] a line"}));
}

TEST(frame, a_skip_in_the_process_log_is_one_of_its_lines) {
  EXPECT_EQ(
      parse_frame(R"("T [spillway] 1532 lines skipped, this viewer is too slow")"),
      frame(skip_notice{"", "T [spillway] 1532 lines skipped, this viewer is too slow", 1532}));
}

TEST(frame, what_is_none_of_them_is_unknown) {
  for (const char* text : {"", "{", "[]", "7", "null", R"({"a": 1})"})
    EXPECT_EQ(parse_frame(text), frame(unknown_frame{})) << text;
}

}  // namespace
}  // namespace spillway::client
