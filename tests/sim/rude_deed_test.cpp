#include "sim/viewers/rude_deed.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace spillway::sim {
namespace {

const rude_deed& deed_called(std::string_view name) {
  const auto all = rude_deeds();
  return *std::find_if(all.begin(), all.end(), [&](const auto& d) { return d.name == name; });
}

rude_outcome told(unsigned code, std::string reason) {
  return {101, code, std::move(reason), true, false};
}

std::optional<flaw> judged(const rude_deed& deed, const rude_outcome& came,
                           rude_leniency leniency = {}) {
  return judge_rude(deed, came, leniency);
}

TEST(rude_deed, is_content_with_the_close_code_that_it_deserves) {
  const auto& deed = deed_called("message that is too big");
  EXPECT_FALSE(judged(deed, told(1009, "message too big")));
  EXPECT_EQ(judged(deed, told(1002, "protocol error"))->kind, flaw_kind::wrong_close);
  EXPECT_EQ(judged(deed, told(1009, "no"))->kind, flaw_kind::wrong_close);
  EXPECT_EQ(judged(deed, told(0, ""))->kind, flaw_kind::no_close_frame);
  EXPECT_FALSE(judged(deed, told(1000, "container exited"))) << "it ended at that moment";
  EXPECT_TRUE(judged(deed, told(1000, "end of history")));
}

TEST(rude_deed, takes_a_failed_source_for_an_end_where_that_is_allowed_and_said_alone) {
  const auto& deed = deed_called("frame without a mask");
  auto came = told(1011, "source failed");
  came.after_error = true;
  EXPECT_FALSE(judged(deed, came, {.allow_1011 = true}));
  EXPECT_TRUE(judged(deed, came));
  came.after_error = false;
  EXPECT_TRUE(judged(deed, came, {.allow_1011 = true})) << "an actor died";
}

TEST(rude_deed, of_a_foreign_origin_sees_nothing_and_is_told_so) {
  const auto& deed = deed_called("foreign origin");
  auto came = told(1008, "origin not allowed");
  EXPECT_FALSE(judged(deed, came));
  came.text_frames = 1;
  EXPECT_EQ(judged(deed, came)->kind, flaw_kind::wrong_answer);
  EXPECT_TRUE(judged(deed, told(1000, "container exited")));
}

TEST(rude_deed, wants_the_status_that_it_deserves) {
  const auto& deed = deed_called("bad token");
  EXPECT_FALSE(judged(deed, {401, 0, "", true, false}));
  EXPECT_EQ(judged(deed, {101, 0, "", true, false})->kind, flaw_kind::wrong_answer);
  EXPECT_FALSE(judged(deed, {429, 0, "", true, false}, {.allow_limits = true}));
  EXPECT_TRUE(judged(deed, {429, 0, "", true, false}));
}

TEST(rude_deed, wants_an_end_in_time_and_frames_that_are_some) {
  const auto& deed = deed_called("half a request");
  EXPECT_FALSE(judged(deed, {408, 0, "", true, false}));
  EXPECT_EQ(judged(deed, {0, 0, "", false, false})->kind, flaw_kind::too_late);
  EXPECT_EQ(judged(deed, {0, 0, "", true, true})->kind, flaw_kind::bad_frame);
}

TEST(rude_deed, sends_whole_requests_with_the_token) {
  draws random(1);
  const rude_request to{"host:1", "/api/apps/a/logs?service=web&tail=1", "sd_t"};
  for (const auto& deed : rude_deeds()) {
    const auto opening = deed.opening(to, random);
    if (deed.message == nullptr) continue;
    EXPECT_TRUE(opening.ends_with("\r\n\r\n")) << deed.name;
    EXPECT_NE(opening.find("Bearer sd_t\r\n"), opening.npos) << deed.name;
    EXPECT_FALSE(deed.message(random).empty()) << deed.name;
  }
}

}  // namespace
}  // namespace spillway::sim
