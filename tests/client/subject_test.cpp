#include "client/subject.hpp"

#include <gtest/gtest.h>

#include "client/base64.hpp"
#include "client/deploy_subject.hpp"
#include "client/log_subject.hpp"
#include "client/process_log_subject.hpp"

namespace spillway::client {
namespace {

std::vector<std::string> shown_of(subject& what, const std::string& raw) {
  std::vector<std::string> made;
  for (auto& next : what.take({raw, parse_frame(raw)})) made.push_back(next.raw);
  return made;
}

using raw_frames = std::vector<std::string>;

TEST(log_subject, asks_first_for_what_was_wanted_and_then_for_what_follows) {
  log_subject what({.app = "my app",
                    .service = "db",
                    .tail = "5",
                    .since = "10m",
                    .until = "1m",
                    .replica = "2",
                    .follow = false});
  const std::string rest = "&until=1m&replica=2&follow=false";
  EXPECT_EQ(what.target(), "/api/apps/my%20app/logs?service=db&tail=5&since=10m" + rest);
  what.begin();
  const std::string line =
      R"({"ts": "2026-04-17T10:14:32.118000001Z", "stream": "stdout", "line": "x"})";
  EXPECT_EQ(shown_of(what, line), raw_frames{line});
  EXPECT_EQ(what.target(),
            "/api/apps/my%20app/logs?service=db&tail=all&since="
            "2026-04-17T10%3A14%3A32.118000001Z" +
                rest);
  what.begin();
  EXPECT_EQ(shown_of(what, line), raw_frames{});
}

TEST(log_subject, a_skip_notice_is_shown_and_is_no_line) {
  log_query query;
  query.app = "shop";
  log_subject what(query);
  const std::string notice =
      R"({"ts": "2026-04-17T10:14:32.1Z", "stream": "stderr", "line": "gone", "skipped": 2})";
  what.begin();
  EXPECT_EQ(shown_of(what, notice), raw_frames{notice});
  EXPECT_EQ(what.target(), "/api/apps/shop/logs");
}

const std::string first_frame =
    R"({"timestamp": "2026-04-17T10:00:00.000Z", "action": "up", "output": "x", "done": false})";
const std::string last_frame =
    R"({"timestamp": "2026-04-17T10:00:02.500Z", "action": "up", "output": "", "done": true, )"
    R"("status": "success", "exit_code": 0})";

TEST(deploy_subject, is_asked_for_by_its_id_once_that_is_known) {
  deploy_subject what("shop", "");
  EXPECT_EQ(what.target(), "/api/apps/shop/deploy-logs");
  EXPECT_FALSE(what.needs_id());
  shown_of(what, first_frame);
  EXPECT_TRUE(what.needs_id());
  what.learn_id(newest_deploy_id(R"([{"id": "new"}, {"id": "old"}])"));
  EXPECT_EQ(what.target(), "/api/apps/shop/deploy-logs?deploy=new");
}

TEST(deploy_subject, the_final_frame_is_shown_also_where_the_transcript_is_shorter_than_was_had) {
  deploy_subject what("shop", "id");
  what.begin();
  shown_of(what, first_frame);
  shown_of(what, first_frame);
  EXPECT_TRUE(what.is_running());
  what.begin();
  EXPECT_EQ(shown_of(what, first_frame), raw_frames{});
  const auto last = what.take({last_frame, parse_frame(last_frame)});
  ASSERT_EQ(last.size(), 1U);
  EXPECT_EQ(last[0].took, std::chrono::milliseconds(2500));
  ASSERT_TRUE(what.end());
  EXPECT_TRUE(what.end()->succeeded);
}

TEST(deploy_subject, no_deploy_is_fine_unless_one_was_watched) {
  const std::string none = R"({"done": true, "action": "none"})";
  deploy_subject idle("shop", "");
  EXPECT_EQ(shown_of(idle, none), raw_frames{none});
  EXPECT_TRUE(idle.end()->succeeded);
  deploy_subject lost("shop", "");
  shown_of(lost, first_frame);
  EXPECT_EQ(shown_of(lost, none), raw_frames{});
  EXPECT_FALSE(lost.end()->succeeded);
}

TEST(deploy_subject, a_list_of_deploys_that_is_none_gives_no_id) {
  for (const char* list : {"", "{}", "[]", "[1]", R"([{"id": 1}])"})
    EXPECT_EQ(newest_deploy_id(list), "") << list;
}

TEST(process_log_subject, a_skip_ends_what_was_kept_back_and_the_memory) {
  process_log_subject what;
  const std::string notice = R"("T [spillway] 2 lines skipped, this viewer is too slow")";
  what.begin();
  shown_of(what, R"("a")");
  shown_of(what, R"("b")");
  what.begin();
  EXPECT_EQ(shown_of(what, R"("a")"), raw_frames{});
  EXPECT_EQ(shown_of(what, notice), (raw_frames{R"("a")", notice}));
  EXPECT_EQ(shown_of(what, R"("b")"), raw_frames{R"("b")"});
}

TEST(base64, is_that_of_rfc_4648) {
  EXPECT_EQ(base64(""), "");
  EXPECT_EQ(base64("f"), "Zg==");
  EXPECT_EQ(base64("fo"), "Zm8=");
  EXPECT_EQ(base64("foobar"), "Zm9vYmFy");
}

}  // namespace
}  // namespace spillway::client
