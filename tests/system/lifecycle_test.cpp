// An app's life with the real compose: stop, start, restart, delete; and without any compose.
#include "system/fixture.hpp"

namespace spillway::system_test {
namespace {

class lifecycle : public on_one_server<lifecycle> {
 public:
  static setting_values settings() { return {{"deploy.recent_window", "1h"}}; }

 protected:
  /// Asks for an action and waits until it ended; returns the frames.
  static std::vector<std::string> act(const std::string& slug, const std::string& action) {
    const auto answer = spillway().admin().post("/api/apps/" + slug + "/" + action);
    EXPECT_EQ(answer.status, 202U) << answer.body;
    EXPECT_EQ(answer.json().value("status", ""), "accepted");
    const auto run =
        spillway().watch(deploy_logs(slug) + "?deploy=" + answer.json().value("deploy_id", ""));
    expect_ending(*run, 1000, "deploy finished");
    EXPECT_EQ(text_of(run->newest(), "status"), "success") << run->newest();
    return run->frames();
  }

  static nlohmann::json services_of(const std::string& slug) {
    return spillway().admin().get("/api/apps/" + slug + "/services").json();
  }
  static std::vector<std::string> scale(const std::string& slug, const nlohmann::json& scales) {
    const auto answer =
        spillway().admin().post("/api/apps/" + slug + "/scale", {{"scales", scales}});
    EXPECT_EQ(answer.status, 202U) << answer.body;
    const auto run =
        spillway().watch(deploy_logs(slug) + "?deploy=" + answer.json().value("deploy_id", ""));
    expect_ending(*run, 1000, "deploy finished");
    return run->frames();
  }

  static std::string state_of_web(const std::string& slug) {
    const auto services = spillway().admin().get("/api/apps/" + slug + "/services").json();
    return services.is_array() && !services.empty() ? services[0].value("state", "") : "none";
  }
};

TEST_F(lifecycle, an_app_is_stopped_started_and_restarted) {
  SPILLWAY_NEEDS_ENGINE();
  const auto slug = new_slug();
  spillway().deploy(slug, web_app("echo up" + stay));
  EXPECT_EQ(state_of_web(slug), "running");
  EXPECT_EQ(text_of(act(slug, "stop").back(), "action"), "stop");
  EXPECT_NE(state_of_web(slug), "running");
  EXPECT_EQ(text_of(act(slug, "start").back(), "action"), "start");
  EXPECT_EQ(state_of_web(slug), "running");
  EXPECT_EQ(text_of(act(slug, "restart").back(), "action"), "restart");
  EXPECT_EQ(state_of_web(slug), "running");
  std::vector<std::string> actions;
  for (const auto& event : spillway().admin().get("/api/apps/" + slug + "/events").json())
    actions.push_back(event["action"]);
  EXPECT_EQ(actions, (std::vector<std::string>{"restart", "start", "stop", "deploy"}));
}

TEST_F(lifecycle, a_deleted_app_is_taken_down_and_forgotten) {
  SPILLWAY_NEEDS_ENGINE();
  const auto slug = new_slug();
  spillway().deploy(slug, web_app("echo up" + stay));
  const auto log = spillway().watch(logs(slug));
  ASSERT_TRUE(log->wait_for_text("up"));
  EXPECT_EQ(spillway().admin().remove("/api/apps/" + slug).status, 202U);
  expect_ending(*log, 1000, "container exited");
  EXPECT_TRUE(
      eventually([&] { return spillway().admin().get("/api/apps/" + slug).status == 404U; }));
  EXPECT_EQ(engine(*docker_host()).container(spillway().project(slug), "web"), "");
  EXPECT_FALSE(std::filesystem::exists(spillway().app_folder(slug) / "docker-compose.yml"));
}

TEST_F(lifecycle, a_service_is_scaled_and_its_replicas_are_told) {
  SPILLWAY_NEEDS_ENGINE();
  const auto slug = new_slug();
  spillway().deploy(slug, web_app("echo up" + stay));
  const auto frames = scale(slug, {{"web", 3}});
  EXPECT_EQ(text_of(frames.back(), "status"), "success");
  for (const auto& frame : frames) EXPECT_EQ(text_of(frame, "action"), "scale");
  EXPECT_EQ(services_of(slug).dump(),
            R"([{"health":"","replicas":3,"service":"web","state":"running"}])");
  EXPECT_TRUE(spillway().watch(logs(slug, "replica=3"))->wait_for_text("up"));
  EXPECT_EQ(text_of(scale(slug, {{"web", 1}}).back(), "status"), "success");
  EXPECT_EQ(services_of(slug).at(0)["replicas"], 1);
}

TEST_F(lifecycle, health_is_told_as_the_engine_sees_it) {
  SPILLWAY_NEEDS_ENGINE();
  const auto slug = new_slug();
  auto web = shell_service("touch /tmp/well" + stay);
  web["healthcheck"] = {{"test", {"CMD", "test", "-e", "/tmp/well"}}, {"interval", "1s"}};
  spillway().deploy(slug, compose_file({{"web", web}}));
  EXPECT_TRUE(eventually([&] { return services_of(slug).at(0)["health"] == "healthy"; }));
}

TEST_F(lifecycle, a_pull_is_a_pull_and_then_brings_the_app_up) {
  SPILLWAY_NEEDS_ENGINE();
  const auto slug = new_slug();
  spillway().add_app(slug);
  // An image of its own, built beside the compose file: there is no registry to pull one from.
  std::ofstream(spillway().app_folder(slug) / "Dockerfile") << "FROM " << test_image() << "\n";
  auto web = shell_service("echo built" + stay);
  web.erase("image");
  web["build"] = ".";
  ASSERT_EQ(spillway().post_deploy(slug, compose_file({{"web", web}}), true).status, 201U);
  expect_ending(*spillway().watch(deploy_logs(slug)), 1000, "deploy finished");
  const auto frames = act(slug, "pull");
  EXPECT_EQ(text_of(frames.front(), "action"), "pull") << frames.front();
  EXPECT_EQ(text_of(frames.back(), "action"), "up") << frames.back();
  EXPECT_TRUE(spillway().watch(logs(slug, "tail=all"))->wait_for_text("built"));
}

TEST_F(lifecycle, a_deploy_with_force_replaces_the_compose_file) {
  SPILLWAY_NEEDS_ENGINE();
  const auto slug = new_slug();
  spillway().deploy(slug, web_app("echo the old one" + stay));
  ASSERT_EQ(spillway().post_deploy(slug, web_app("echo the new one" + stay), true).status, 201U);
  expect_ending(*spillway().watch(deploy_logs(slug)), 1000, "deploy finished");
  EXPECT_TRUE(spillway().watch(logs(slug, "tail=all"))->wait_for_text("the new one"));
}

TEST(without_compose, a_deploy_fails_with_a_sentence_and_the_server_lives) {
  const server alone(setting_values{{"docker.compose_command", "[/no/such/docker-compose]"}});
  ASSERT_EQ(alone.post_deploy("app", web_app("true")).status, 201U);
  const auto deploy = alone.watch(deploy_logs("app"));
  expect_ending(*deploy, 1000, "deploy finished");
  ASSERT_GE(deploy->count(), 2U);
  EXPECT_NE(text_of(deploy->frames()[0], "output"), "");
  EXPECT_EQ(text_of(deploy->newest(), "status"), "failed");
  EXPECT_EQ(text_of(deploy->newest(), "exit_code"), "127");
  EXPECT_EQ(alone.nobody().get("/api/health").status, 200U);
}

}  // namespace
}  // namespace spillway::system_test
