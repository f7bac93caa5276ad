// Viewers over real sockets: of a server that keeps its promises they report nothing, and each
// promise that it breaks.
#include "sim/viewers/crowd_run.hpp"

#include <gmock/gmock.h>

#include <atomic>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "sim/fake_server.hpp"
#include "support/temp_dir.hpp"

namespace spillway::sim {
namespace {

using namespace std::chrono_literals;

class crowd_run : public ::testing::Test {
 protected:
  crowd_plan plan(const std::string& url, const std::string& behaviours = "steady=1",
                  const std::string& streams = "logs=1") {
    crowd_plan made;
    made.url = url;
    made.token = "sd_admin";
    made.count = 3;
    made.arrivals_per_second = 1'000;
    made.seed = 5;
    made.behaviours = mix<behaviour>::parse(behaviours, behaviour_names)->spread(made.count);
    made.streams = *mix<stream_kind>::parse(streams, stream_names);
    made.json_file = directory_ / "report.json";
    // Ends long before that, by what it sees.
    made.duration = 60s;
    made.stop_at_first = true;
    made.backoff_scale = 0.01;
    return made;
  }

  /// Runs and reads the report.
  nlohmann::json run(const crowd_plan& what) {
    std::ostringstream out;
    std::ostringstream err;
    exit_code_ = run_crowd(what, {out, err});
    text_ = out.str();
    EXPECT_EQ(err.str(), "");
    std::ifstream file(what.json_file);
    return nlohmann::json::parse(file, nullptr, false);
  }

  /// The run ends by this kind of broken promise, and it alone.
  void expect_only(const nlohmann::json& report, const std::string& kind) {
    ASSERT_TRUE(report.is_object());
    EXPECT_EQ(exit_code_, 1);
    ASSERT_FALSE(report["broken_by_kind"].empty());
    EXPECT_EQ(report["broken_by_kind"].begin().key(), kind) << text_;
    EXPECT_EQ(report["broken_by_kind"].size(), 1U) << text_;
    EXPECT_THAT(text_, ::testing::HasSubstr("seed"));
  }

  test::temp_dir directory_;
  int exit_code_ = -1;
  std::string text_;
};

TEST_F(crowd_run, of_a_server_that_keeps_its_promises_reports_nothing_broken) {
  fake_server server([](fake_stream& stream) {
    stream.send_lines(1, 10);
    stream.send_notice(5);
    stream.send_lines(16, 20);
    stream.wait_for_end();
  });
  auto what = plan(server.url());
  what.enough_lines = 45;
  const auto report = run(what);
  EXPECT_EQ(exit_code_, 0) << text_;
  EXPECT_EQ(report["broken"], 0);
  EXPECT_EQ(report["totals"]["lines"], 45);
  EXPECT_EQ(report["totals"]["skipped_lines"], 15);
  EXPECT_EQ(report["ends"]["left by itself"], 3);
}

TEST_F(crowd_run, reports_a_gap) {
  fake_server server([](fake_stream& stream) {
    stream.send_lines(1, 3);
    stream.send_lines(5, 6);
    stream.wait_for_end();
  });
  const auto report = run(plan(server.url()));
  expect_only(report, "gap");
  const auto& first = report["broken_invariants"][0];
  EXPECT_EQ(first["what"], "1 lines are missing between #1.3 and #1.5");
  EXPECT_EQ(first["stream"], "logs of shop/web");
  EXPECT_THAT(first["last_frames"].back().get<std::string>(), ::testing::HasSubstr("#1.5 "));
}

TEST_F(crowd_run, reports_a_line_that_comes_twice) {
  fake_server server([](fake_stream& stream) {
    stream.send_lines(1, 3);
    stream.send_lines(3, 4);
    stream.wait_for_end();
  });
  expect_only(run(plan(server.url())), "doubled");
}

TEST_F(crowd_run, reports_a_notice_that_does_not_account_for_what_is_missing) {
  fake_server server([](fake_stream& stream) {
    stream.send_lines(1, 3);
    stream.send_notice(7);
    stream.send_lines(10, 12);
    stream.wait_for_end();
  });
  expect_only(run(plan(server.url())), "wrong skip notice");
}

TEST_F(crowd_run, reports_a_frame_with_fields_in_another_order) {
  fake_server server([](fake_stream& stream) {
    stream.send(R"({"stream": "stdout", "ts": "2026-04-17T10:14:32.118Z", "line": "x"})");
    stream.wait_for_end();
  });
  expect_only(run(plan(server.url())), "bad frame");
}

TEST_F(crowd_run, reports_an_end_without_a_close_frame) {
  fake_server server([](fake_stream& stream) {
    stream.send_lines(1, 3);
    stream.drop();
  });
  auto what = plan(server.url());
  // It is decided when the run is over, since the server might turn out to be shutting down.
  what.enough_lines = 9;
  expect_only(run(what), "no close frame");
}

TEST_F(crowd_run, reports_a_close_code_that_the_situation_does_not_allow) {
  fake_server server([](fake_stream& stream) {
    stream.send_lines(1, 3);
    stream.close(1011, "internal error");
    stream.wait_for_end();
  });
  expect_only(run(plan(server.url())), "wrong close");
}

TEST_F(crowd_run, allows_1011_where_sources_fail_on_purpose) {
  fake_server server([](fake_stream& stream) {
    if (stream.resumes()) {
      stream.send_lines(2, 4);
      return stream.wait_for_end();
    }
    stream.send_lines(1, 3);
    stream.send(R"({"error": "the container's log cannot be read"})");
    stream.close(1011, "source failed");
  });
  auto what = plan(server.url());
  what.allow_1011 = true;
  what.enough_lines = 12;
  const auto report = run(what);
  EXPECT_EQ(exit_code_, 0) << text_;
  EXPECT_EQ(report["totals"]["repeated_on_return"], 6);
  EXPECT_EQ(report["ends"]["1011 source failed"], 3);
}

TEST_F(crowd_run, reports_a_seam_that_lost_a_line) {
  fake_server server([](fake_stream& stream) {
    stream.resumes() ? stream.send_lines(5, 6) : stream.send_lines(1, 3);
    if (stream.resumes()) return stream.wait_for_end();
    stream.close(1001, "server is shutting down");
  });
  expect_only(run(plan(server.url())), "gap");
}

TEST_F(crowd_run, reports_a_refusal_without_a_reason) {
  fake_server server([](fake_stream&) {});
  server.refuse_with(500);
  expect_only(run(plan(server.url())), "wrong answer");
}

TEST_F(crowd_run, reports_frames_after_a_deploys_last_one) {
  fake_server server([](fake_stream& stream) {
    stream.send(R"({"done": true, "action": "none"})");
    stream.send(R"({"done": true, "action": "none"})");
    stream.close(1000, "nothing to stream");
  });
  expect_only(run(plan(server.url(), "steady=1", "deploy-logs=1")), "late frame");
}

TEST_F(crowd_run, reports_a_deploy_that_two_viewers_are_told_in_two_ways) {
  std::atomic<int> visits{0};
  fake_server server([&](fake_stream& stream) {
    const std::string head = R"({"timestamp": "2026-04-17T10:14:32.118Z", "action": "up", )";
    stream.send(head + R"("output": "Pulling", "done": false})");
    stream.send(head + R"("output": "step )" + std::to_string(visits++ % 2) +
                R"(", "done": false})");
    stream.send(head + R"("output": "", "done": true, "status": "success", "exit_code": 0})");
    stream.close(1000, "deploy finished");
  });
  expect_only(run(plan(server.url(), "steady=1", "deploy-logs=1")), "replay differs");
}

TEST_F(crowd_run, reports_a_rude_viewer_that_is_not_told_why) {
  fake_server server([](fake_stream& stream) {
    // Whatever is done to it.
    stream.close(1000, "bye");
  });
  const auto report = run(plan(server.url(), "rude=1"));
  EXPECT_EQ(exit_code_, 1);
  EXPECT_GT(report["broken"], 0);
}

class revocation_run : public crowd_run {
 protected:
  crowd_plan revocations(const fake_server& server) {
    auto what = plan(server.url(), "revoked=1");
    what.count = 1;
    what.behaviours.resize(1);
    what.revoke_after = 1ms;
    return what;
  }
};

TEST_F(revocation_run, is_content_with_access_that_ends) {
  std::atomic<std::uint64_t> sent{0};
  fake_server* access = nullptr;
  fake_server server([&](fake_stream& stream) {
    const auto before = sent.fetch_add(3);
    stream.send_lines(before + 1, before + 3);
    if (stream.resumes()) return stream.wait_for_end();
    access->wait_revoked(stream.token());
    stream.close(1008, "access ended");
  });
  access = &server;
  auto what = revocations(server);
  what.access_grace = 60s;
  what.enough_lines = 6;
  const auto report = run(what);
  EXPECT_EQ(exit_code_, 0) << text_;
  EXPECT_EQ(report["ends"]["1008 access ended"], 1);
  EXPECT_EQ(report["ends"]["refused with 401"], 1);
}

TEST_F(revocation_run, reports_a_stream_that_goes_on) {
  fake_server server([](fake_stream& stream) {
    stream.send_lines(1, 3);
    stream.wait_for_end();
  });
  auto what = revocations(server);
  what.access_patience = 1ms;
  expect_only(run(what), "late revocation");
}

TEST_F(revocation_run, reports_access_that_ends_too_late) {
  fake_server* access = nullptr;
  fake_server server([&](fake_stream& stream) {
    access->wait_revoked(stream.token());
    stream.send_lines(1, 300);
    stream.close(1008, "access ended");
  });
  access = &server;
  auto what = revocations(server);
  what.access_grace = -60s;
  expect_only(run(what), "late revocation");
}

TEST_F(revocation_run, reports_a_door_that_stays_open) {
  fake_server* access = nullptr;
  fake_server server([&](fake_stream& stream) {
    access->wait_revoked(stream.token());
    stream.close(1008, "access ended");
  });
  access = &server;
  server.be_lax();
  auto what = revocations(server);
  what.access_grace = 60s;
  expect_only(run(what), "wrong answer");
}

TEST_F(crowd_run, says_where_no_server_is) {
  std::ostringstream out;
  std::ostringstream err;
  auto what = plan("http://127.0.0.1:1");
  EXPECT_EQ(run_crowd(what, {out, err}), 1);
  EXPECT_THAT(err.str(), ::testing::HasSubstr("does it run at --url?"));
  what.url = "ftp://x";
  EXPECT_EQ(run_crowd(what, {out, err}), 2);
  EXPECT_THAT(err.str(), ::testing::HasSubstr("is no http://HOST:PORT"));
}

}  // namespace
}  // namespace spillway::sim
