// Deploys as a viewer sees them: triggered over REST, watched over WebSocket.
#include <regex>

#include "system/fixture.hpp"

namespace spillway::system_test {
namespace {

class deploys : public on_one_server<deploys> {
 public:
  static setting_values settings() {
    // A viewer hardly waits for a deploy to start: one that is registered late is missed. And of
    // one that falls behind the rest is soon in the transcript alone.
    return {{"docker.compose_command", stand_in().setting()},
            {"deploy.start_wait", "20ms"},
            {"deploy.transcript_lines", "1000"}};
  }

 protected:
  static compose_stand_in& stand_in() {
    static compose_stand_in instance;
    return instance;
  }

  /// Asks for a deploy that runs a script instead of compose; returns its id.
  static std::string start(const std::string& slug, const std::string& script) {
    stand_in().script(spillway().project(slug), "[ $step = up ] || exit 0\n" + script);
    const auto answer = spillway().post_deploy(slug, web_app("true"));
    EXPECT_EQ(answer.status, 201U) << answer.body;
    return answer.json().value("deploy_id", "");
  }

  static std::vector<std::string> outputs(const std::vector<std::string>& frames) {
    std::vector<std::string> result;
    for (const auto& frame : frames) result.push_back(text_of(frame, "output"));
    return result;
  }
};

using strings = std::vector<std::string>;

TEST_F(deploys, a_deploy_with_compose_is_watched_to_its_end) {
  SPILLWAY_NEEDS_ENGINE();
  const auto slug = new_slug();
  const auto answer = spillway().post_deploy(slug, web_app("echo hello" + stay));
  ASSERT_EQ(answer.status, 201U) << answer.body;
  EXPECT_EQ(answer.json()["name"], slug);
  EXPECT_EQ(answer.json()["status"], "deploying");
  const auto deploy = spillway().watch(deploy_logs(slug));
  expect_ending(*deploy, 1000, "deploy finished");
  auto frames = deploy->frames();
  ASSERT_GE(frames.size(), 2U);

  const auto last = frames.back();
  frames.pop_back();
  EXPECT_EQ(keys_of(last),
            (strings{"timestamp", "action", "output", "done", "status", "exit_code"}));
  EXPECT_EQ(text_of(last, "output"), "");
  EXPECT_EQ(text_of(last, "done"), "true");
  EXPECT_EQ(text_of(last, "status"), "success");
  EXPECT_EQ(text_of(last, "exit_code"), "0");
  for (const auto& frame : frames) {
    EXPECT_EQ(keys_of(frame), (strings{"timestamp", "action", "output", "done"})) << frame;
    EXPECT_EQ(text_of(frame, "done"), "false");
    EXPECT_TRUE(std::regex_match(text_of(frame, "timestamp"),
                                 std::regex(R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)")))
        << frame;
    EXPECT_TRUE(text_of(frame, "action") == "pull" || text_of(frame, "action") == "up") << frame;
  }
  const auto services = spillway().admin().get("/api/apps/" + slug + "/services").json();
  ASSERT_EQ(services.size(), 1U) << services;
  EXPECT_EQ(services[0]["service"], "web");
  EXPECT_EQ(services[0]["state"], "running");
}

TEST_F(deploys, a_late_joiner_gets_a_running_deploy_from_its_first_line) {
  const auto slug = new_slug();
  const gate end(stand_in().gate_path(slug));
  start(slug, "echo first; echo second; wait_at " + slug + "; echo third");
  const auto early = spillway().watch(deploy_logs(slug));
  ASSERT_TRUE(early->wait_for_text("second"));
  const auto late = spillway().watch(deploy_logs(slug));
  ASSERT_TRUE(late->wait_for_text("second"));
  end.open();
  expect_ending(*early, 1000, "deploy finished");
  expect_ending(*late, 1000, "deploy finished");
  EXPECT_EQ(outputs(late->frames()), (strings{"first", "second", "third", ""}));
  EXPECT_EQ(late->frames(), early->frames());
}

TEST_F(deploys, a_deploy_is_registered_before_its_request_is_answered) {
  for (int i = 0; i < 10; ++i) {
    const auto slug = new_slug();
    start(slug, "echo only line");
    const auto deploy = spillway().watch(deploy_logs(slug));
    expect_ending(*deploy, 1000, "deploy finished");
    EXPECT_EQ(outputs(deploy->frames()), (strings{"only line", ""}));
  }
}

TEST_F(deploys, one_that_fails_tells_how_and_still_ends_normally) {
  const auto slug = new_slug();
  start(slug, "echo no such image >&2; exit 3");
  const auto deploy = spillway().watch(deploy_logs(slug));
  expect_ending(*deploy, 1000, "deploy finished");
  EXPECT_EQ(outputs(deploy->frames()), (strings{"no such image", ""}));
  EXPECT_EQ(text_of(deploy->newest(), "status"), "failed");
  EXPECT_EQ(text_of(deploy->newest(), "exit_code"), "3");
  const auto events = spillway().admin().get("/api/apps/" + slug + "/events").json();
  ASSERT_EQ(events.size(), 1U) << events;
  EXPECT_EQ(events[0]["status"], "failed");
  EXPECT_EQ(events[0]["exit_code"], 3);
  EXPECT_EQ(events[0]["user"], admin_name);
}

TEST_F(deploys, an_idle_app_gives_one_frame_that_says_so) {
  const auto slug = new_slug();
  std::filesystem::create_directories(spillway().app_folder(slug));
  std::ofstream(spillway().app_folder(slug) / "docker-compose.yml") << web_app("true");
  const auto idle = spillway().watch(deploy_logs(slug));
  expect_ending(*idle, 1000, "nothing to stream");
  ASSERT_EQ(idle->count(), 1U);
  EXPECT_EQ(nlohmann::ordered_json::parse(idle->newest()).dump(),
            R"({"done":true,"action":"none"})");
}

TEST_F(deploys, a_recorded_deploy_is_replayed_byte_for_byte) {
  const auto slug = new_slug();
  const auto id = start(slug, R"(printf 'tab\tquote" back\\slash \303\244 \377 \033[1m end\n')");
  const auto live = spillway().watch(deploy_logs(slug));
  expect_ending(*live, 1000, "deploy finished");
  EXPECT_NE(live->frames()[0].find("\xEF\xBF\xBD"), std::string::npos) << live->frames()[0];

  start(new_slug(), "echo another app");
  const auto recorded = spillway().watch(deploy_logs(slug) + "?deploy=" + id);
  expect_ending(*recorded, 1000, "deploy finished");
  EXPECT_EQ(recorded->frames(), live->frames());
  std::string expected;
  for (const auto& frame : live->frames()) expected += frame + "\n";
  EXPECT_EQ(spillway().admin().get("/api/apps/" + slug + "/deploys/" + id + "/log").body, expected);
}

TEST_F(deploys, an_unknown_deploy_is_an_error_frame) {
  const auto slug = new_slug();
  start(slug, "true");
  const auto unknown = spillway().watch(deploy_logs(slug) + "?deploy=no-such-deploy");
  expect_ending(*unknown, 1000, "deploy not found");
  EXPECT_EQ(unknown->frames(), strings{R"({"error": "deploy not found"})"});
}

TEST_F(deploys, another_deploy_of_the_same_app_is_refused_while_one_runs) {
  const auto slug = new_slug();
  const gate end(stand_in().gate_path(slug));
  start(slug, "echo busy; wait_at " + slug);
  EXPECT_EQ(spillway().post_deploy(slug, web_app("true"), true).status, 409U);
  EXPECT_EQ(spillway().admin().post("/api/apps/" + slug + "/restart").status, 409U);
  const auto app = spillway().admin().get("/api/apps/" + slug).json();
  EXPECT_EQ(app.value("deploying", false), true) << app;
  end.open();
  expect_ending(*spillway().watch(deploy_logs(slug)), 1000, "deploy finished");
  EXPECT_EQ(spillway().post_deploy(slug, web_app("true")).status, 409U) << "without force";
}

TEST_F(deploys, cancelling_ends_the_whole_process_group) {
  const auto slug = new_slug();
  const gate never(stand_in().gate_path(slug));
  start(slug, "echo started; (wait_at " + slug + "); echo unreachable");
  const auto deploy = spillway().watch(deploy_logs(slug));
  ASSERT_TRUE(deploy->wait_for_text("started"));
  EXPECT_LT(spillway().admin().post("/api/apps/" + slug + "/cancel").status, 300U);
  expect_ending(*deploy, 1000, "deploy finished");
  EXPECT_EQ(outputs(deploy->frames()), (strings{"started", ""}));
  EXPECT_EQ(text_of(deploy->newest(), "status"), "cancelled");
}

TEST_F(deploys, pull_runs_two_steps_and_each_line_names_its_own) {
  const auto slug = new_slug();
  start(slug, "true");
  expect_ending(*spillway().watch(deploy_logs(slug)), 1000, "deploy finished");
  stand_in().script(spillway().project(slug), "echo this is $step");
  const auto answer = spillway().admin().post("/api/apps/" + slug + "/pull");
  ASSERT_EQ(answer.status, 202U) << answer.body;
  const auto id = answer.json().value("deploy_id", "");
  const auto deploy = spillway().watch(deploy_logs(slug) + "?deploy=" + id);
  expect_ending(*deploy, 1000, "deploy finished");
  const auto frames = deploy->frames();
  EXPECT_EQ(outputs(frames), (strings{"this is pull", "this is up", ""}));
  EXPECT_EQ(text_of(frames.at(0), "action"), "pull");
  EXPECT_EQ(text_of(frames.at(1), "action"), "up");
}

TEST_F(deploys, very_long_lines_and_progress_in_place_arrive) {
  const auto slug = new_slug();
  start(slug, R"(head -c 100000 /dev/zero | tr '\0' x; echo; printf '1%%\r50%%\r100%%\nend\n')");
  const auto deploy = spillway().watch(deploy_logs(slug));
  expect_ending(*deploy, 1000, "deploy finished");
  const auto lines = outputs(deploy->frames());
  EXPECT_EQ(lines.front(), std::string(100'000, 'x'));
  EXPECT_EQ(lines.at(lines.size() - 2), "end");
  for (const auto& line : lines) EXPECT_EQ(line.find('\r'), std::string::npos);
}

TEST_F(deploys, a_slow_viewer_falls_behind_and_misses_nothing) {
  const auto slug = new_slug();
  const gate begin(stand_in().gate_path(slug));
  start(slug, "wait_at " + slug +
                  "; pad=$(printf %0200d 0); i=0; "
                  "while [ $i -lt 9000 ]; do i=$((i+1)); echo $i $pad; done");
  const auto slow = spillway().watch(deploy_logs(slug),
                                     {.headers = {}, .paused = true, .receive_buffer_bytes = 4096});
  const auto quick = spillway().watch(deploy_logs(slug));
  begin.open();
  expect_ending(*quick, 1000, "deploy finished");
  slow->resume();
  expect_ending(*slow, 1000, "deploy finished");
  EXPECT_EQ(slow->count(), 9001U);
  EXPECT_EQ(slow->frames(), quick->frames());
}

}  // namespace
}  // namespace spillway::system_test
