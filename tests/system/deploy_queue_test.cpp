// Deploys of many apps at once: one at a time, the others in line, and what a cancel ends.
#include <sys/stat.h>

#include "system/fixture.hpp"

namespace spillway::system_test {
namespace {

using strings = std::vector<std::string>;

class deploy_line : public on_one_server<deploy_line> {
 public:
  static setting_values settings() {
    return {{"docker.compose_command", stand_in().setting()}, {"deploy.max_concurrent", "1"}};
  }

 protected:
  static compose_stand_in& stand_in() {
    static compose_stand_in instance;
    return instance;
  }

  /// Asks for a deploy whose compose waits at the gate of its app.
  static void start(const std::string& slug) {
    stand_in().script(spillway().project(slug), "echo running; wait_at " + slug);
    const auto answer = spillway().post_deploy(slug, web_app("true"));
    EXPECT_EQ(answer.status, 201U) << answer.body;
  }

  /// Three deploys of three apps, each with a viewer: the first runs, the others wait.
  void start_three() {
    for (int i = 0; i < 3; ++i) {
      slugs.push_back(new_slug());
      gates.push_back(std::make_unique<gate>(stand_in().gate_path(slugs.back())));
      start(slugs.back());
      viewers.push_back(spillway().watch(deploy_logs(slugs.back())));
      ASSERT_TRUE(viewers.back()->wait_for_count(1));
    }
  }

  static strings outputs(const viewer& of) {
    strings result;
    for (const auto& frame : of.frames()) result.push_back(text_of(frame, "output"));
    return result;
  }

  static std::string place(int number) {
    return "[spillway] waiting for other deploys, place " + std::to_string(number) + " in line";
  }

  static unsigned cancel(const std::string& slug) {
    return spillway().admin().post("/api/apps/" + slug + "/cancel").status;
  }

  strings slugs;
  std::vector<std::unique_ptr<gate>> gates;
  std::vector<std::unique_ptr<viewer>> viewers;
};

TEST_F(deploy_line, tells_each_viewer_its_place_until_its_turn_comes) {
  ASSERT_NO_FATAL_FAILURE(start_three());
  EXPECT_EQ(outputs(*viewers[1]), strings{place(1)});
  EXPECT_EQ(outputs(*viewers[2]), strings{place(2)});
  EXPECT_EQ(keys_of(viewers[2]->newest()), (strings{"timestamp", "action", "output", "done"}));
  EXPECT_EQ(text_of(viewers[2]->newest(), "action"), "up");
  gates[0]->open();
  expect_ending(*viewers[0], 1000, "deploy finished");
  ASSERT_TRUE(viewers[2]->wait_for_text(place(1)));
  gates[1]->open();
  expect_ending(*viewers[1], 1000, "deploy finished");
  gates[2]->open();
  expect_ending(*viewers[2], 1000, "deploy finished");
  EXPECT_EQ(outputs(*viewers[1]), (strings{place(1), "running", ""}));
  EXPECT_EQ(outputs(*viewers[2]), (strings{place(2), place(1), "running", ""}));
}

TEST_F(deploy_line, lets_the_next_in_when_the_first_is_cancelled_or_one_that_waits_gives_up) {
  ASSERT_NO_FATAL_FAILURE(start_three());
  EXPECT_EQ(cancel(slugs[1]), 202U);
  expect_ending(*viewers[1], 1000, "deploy finished");
  EXPECT_EQ(outputs(*viewers[1]),
            (strings{place(1), "[spillway] cancelled before it started", ""}));
  EXPECT_EQ(text_of(viewers[1]->newest(), "status"), "cancelled");
  ASSERT_TRUE(viewers[2]->wait_for_text(place(1)));
  EXPECT_EQ(cancel(slugs[0]), 202U);
  expect_ending(*viewers[0], 1000, "deploy finished");
  EXPECT_EQ(text_of(viewers[0]->newest(), "status"), "cancelled");
  ASSERT_TRUE(viewers[2]->wait_for_text("running"));
  EXPECT_EQ(cancel(slugs[2]), 202U);
  expect_ending(*viewers[2], 1000, "deploy finished");
  EXPECT_EQ(cancel(slugs[2]), 409U) << "it has ended";
}

TEST_F(deploy_line, kills_what_does_not_heed_a_cancel_with_all_that_it_started) {
  const auto slug = new_slug();
  const gate never(stand_in().gate_path(slug));
  stand_in().script(spillway().project(slug),
                    "trap '' TERM; (trap '' TERM; while :; do sleep 1; done) & "
                    "echo child $!; while :; do wait_at " +
                        slug + "; done");
  ASSERT_EQ(spillway().post_deploy(slug, web_app("true")).status, 201U);
  const auto deploy = spillway().watch(deploy_logs(slug));
  ASSERT_TRUE(deploy->wait_for_text("child"));
  const auto child = text_of(deploy->frames().front(), "output").substr(6);
  EXPECT_EQ(cancel(slug), 202U);
  EXPECT_EQ(cancel(slug), 202U) << "it goes on until it has ended";
  expect_ending(*deploy, 1000, "deploy finished");
  EXPECT_EQ(text_of(deploy->newest(), "status"), "cancelled");
  EXPECT_EQ(text_of(deploy->newest(), "exit_code"), "137");
  EXPECT_TRUE(eventually([&] {
    std::ifstream stat("/proc/" + child + "/stat");
    std::string text;
    std::getline(stat, text);
    return text.find(") ") == std::string::npos || text.find(") Z") != std::string::npos;
  })) << child;
}

TEST_F(deploy_line, ends_a_step_of_a_real_compose_and_runs_no_further_one) {
  SPILLWAY_NEEDS_ENGINE();
  const auto slug = new_slug();
  // A shell without a trap takes no SIGTERM as the first process of its container: to stop it takes
  // compose ten seconds.
  spillway().deploy(slug, web_app("echo up; while :; do sleep 1; done"));
  const auto restart = spillway().admin().post("/api/apps/" + slug + "/restart");
  ASSERT_EQ(restart.status, 202U) << restart.body;
  const auto run =
      spillway().watch(deploy_logs(slug) + "?deploy=" + restart.json().value("deploy_id", ""));
  ASSERT_TRUE(run->wait_for_count(1)) << "compose says that it begins";
  EXPECT_EQ(cancel(slug), 202U);
  expect_ending(*run, 1000, "deploy finished");
  EXPECT_EQ(text_of(run->newest(), "action"), "restart");
  EXPECT_EQ(text_of(run->newest(), "status"), "cancelled") << run->newest();
  const auto events = spillway().admin().get("/api/apps/" + slug + "/events").json();
  EXPECT_EQ(events.at(0)["status"], "cancelled");
  ASSERT_EQ(spillway().post_deploy(slug, web_app("echo again" + stay), true).status, 201U);
  const auto next = spillway().watch(deploy_logs(slug));
  expect_ending(*next, 1000, "deploy finished");
  EXPECT_EQ(text_of(next->newest(), "status"), "success");
}

}  // namespace
}  // namespace spillway::system_test
