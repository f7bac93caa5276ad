#include "sim/viewers/deploy_checker.hpp"

#include <gtest/gtest.h>

namespace spillway::sim {
namespace {

seen_frame output(std::string at, std::string text) {
  return {frame_shape::deploy_line, std::move(text), std::move(at), "up", "", 0, 0};
}
seen_frame last(std::string status, std::int64_t exit_code) {
  return {frame_shape::deploy_end, "", "t9", "up", std::move(status), 0, exit_code};
}

TEST(deploy_checker, follows_a_deploy_to_its_end) {
  deploy_checker checker;
  EXPECT_FALSE(checker.on_frame(output("t1", "Pulling"), "a"));
  EXPECT_FALSE(checker.over());
  EXPECT_FALSE(checker.on_frame(last("success", 0), "b"));
  EXPECT_TRUE(checker.ended());
  EXPECT_EQ(checker.frames(), 2U);
  EXPECT_EQ(checker.last_frame(), "b");
  EXPECT_EQ(checker.on_frame(output("t9", "more"), "c")->kind, flaw_kind::late_frame);
}

TEST(deploy_checker, wants_status_and_exit_code_to_agree) {
  for (const auto& [status, code, fits] :
       {std::tuple("success", 0, true), std::tuple("success", 1, false),
        std::tuple("failed", 1, true), std::tuple("failed", 0, false),
        std::tuple("cancelled", 130, true), std::tuple("cancelled", 0, true),
        std::tuple("running", 0, false)}) {
    deploy_checker checker;
    EXPECT_EQ(!checker.on_frame(last(status, code), "x"), fits) << status << code;
  }
}

TEST(deploy_checker, wants_frames_in_order) {
  deploy_checker checker;
  EXPECT_FALSE(checker.on_frame(output("t2", "#1.1 @5 x"), "a"));
  EXPECT_FALSE(checker.on_frame(output("t2", "compose says more"), "b"));
  EXPECT_EQ(checker.on_frame(output("t1", "y"), "c")->kind, flaw_kind::out_of_order);
  EXPECT_FALSE(checker.on_frame(output("t3", "#1.2 @5 x"), "d"));
  EXPECT_EQ(checker.on_frame(output("t3", "#1.4 @5 x"), "e")->kind, flaw_kind::gap);
}

TEST(deploy_checker, wants_the_first_numbered_line) {
  deploy_checker checker;
  EXPECT_FALSE(checker.on_frame(output("t1", "Pulling"), "a"));
  EXPECT_EQ(checker.on_frame(output("t2", "#1.2 @5 x"), "b")->kind, flaw_kind::gap);
}

TEST(deploy_checker, tells_replays_apart) {
  const auto digest = [](const char* second) {
    deploy_checker checker;
    checker.on_frame(output("t1", "x"), "first");
    checker.on_frame(output("t2", "y"), second);
    return checker.digest();
  };
  EXPECT_EQ(digest("same"), digest("same"));
  EXPECT_NE(digest("same"), digest("other"));
}

TEST(deploy_checker, takes_no_deploy_for_what_it_is) {
  const seen_frame none{frame_shape::no_deploy, "", "", "none", "", 0, 0};
  deploy_checker checker;
  EXPECT_FALSE(checker.on_frame(none, "n"));
  EXPECT_TRUE(checker.none());
  deploy_checker begun;
  begun.on_frame(output("t1", "x"), "a");
  EXPECT_EQ(begun.on_frame(none, "n")->kind, flaw_kind::late_frame);
}

}  // namespace
}  // namespace spillway::sim
