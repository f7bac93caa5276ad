// Compose files as they were, and back to one; what compose gets from files beside them.
#include "system/fixture.hpp"

namespace spillway::system_test {
namespace {

class versions : public on_one_server<versions> {
 public:
  static setting_values settings() { return {{"deploy.recent_window", "1h"}}; }

 protected:
  static nlohmann::json list(const std::string& slug) {
    return spillway().admin().get("/api/apps/" + slug + "/versions").json();
  }
  static http_response roll_back(const std::string& slug, const nlohmann::json& id) {
    return spillway().admin().post("/api/apps/" + slug + "/rollback", {{"version_id", id}});
  }
  static std::string status_of(const http_response& accepted, const std::string& slug) {
    const auto run =
        spillway().watch(deploy_logs(slug) + "?deploy=" + accepted.json().value("deploy_id", ""));
    expect_ending(*run, 1000, "deploy finished");
    return text_of(run->newest(), "status");
  }
};

TEST_F(versions, are_gone_back_to_and_the_containers_with_them) {
  SPILLWAY_NEEDS_ENGINE();
  const auto slug = new_slug();
  spillway().deploy(slug, web_app("echo the good one" + stay));
  ASSERT_EQ(spillway().post_deploy(slug, web_app("echo the bad one" + stay), true).status, 201U);
  expect_ending(*spillway().watch(deploy_logs(slug)), 1000, "deploy finished");
  ASSERT_TRUE(spillway().watch(logs(slug, "tail=all"))->wait_for_text("the bad one"));

  const auto before = list(slug);
  ASSERT_EQ(before.size(), 2U) << before;
  EXPECT_EQ(before[0]["current"], true);
  EXPECT_EQ(before[1]["current"], false);
  EXPECT_EQ(before[1]["user"], admin_name);
  const auto accepted = roll_back(slug, before[1]["id"]);
  ASSERT_EQ(accepted.status, 202U) << accepted.body;
  EXPECT_EQ(status_of(accepted, slug), "success");
  EXPECT_TRUE(spillway().watch(logs(slug, "tail=all"))->wait_for_text("the good one"));
  const auto after = list(slug);
  ASSERT_EQ(after.size(), 3U) << after;
  EXPECT_EQ(after[0]["current"], true);
  EXPECT_EQ(after[0]["bytes"], before[1]["bytes"]);
  const auto events = spillway().admin().get("/api/apps/" + slug + "/events").json();
  EXPECT_EQ(events.at(0)["action"], "rollback");
}

TEST_F(versions, are_of_one_app_and_for_those_who_may) {
  const auto slug = new_slug();
  const auto other = new_slug();
  spillway().add_app(slug);
  spillway().add_app(other);
  EXPECT_EQ(list(slug), nlohmann::json::array()) << "it was never deployed here";
  for (const auto& each : {slug, other}) {
    ASSERT_EQ(spillway().post_deploy(each, web_app("true"), true).status, 201U);
    expect_ending(*spillway().watch(deploy_logs(each)), 1000, "deploy finished");
  }
  const auto theirs = list(other).at(0)["id"];
  const auto foreign = roll_back(slug, theirs);
  EXPECT_EQ(foreign.status, 404U);
  EXPECT_EQ(foreign.body, R"({"error":"version not found"})");
  const auto viewer_token = spillway().make_user("vera", "viewer");
  ASSERT_EQ(spillway().command_line({"user", "grant", "vera", slug}).exit_code, 0);
  const auto own = list(slug).at(0)["id"].dump();
  const auto as_viewer = spillway().as(viewer_token);
  EXPECT_EQ(as_viewer.get("/api/apps/" + slug + "/versions").status, 200U);
  EXPECT_EQ(as_viewer.get("/api/apps/" + slug + "/versions/" + own).status, 403U);
  EXPECT_EQ(as_viewer.get("/api/apps/" + other + "/versions").status, 404U);
  EXPECT_EQ(spillway().admin().get("/api/apps/" + slug + "/versions/" + own).json()["compose"],
            base64(web_app("true")));
}

TEST_F(versions, of_a_bad_compose_file_there_are_none) {
  const auto slug = new_slug();
  spillway().add_app(slug);
  const auto file = spillway().app_folder(slug) / "docker-compose.yml";
  const auto before = test::read_file(file);
  for (const std::string& bad : {std::string("services: ["), std::string("services: {}\n"),
                                 std::string("version: '3'\n"), std::string((1 << 20) + 1, '#')}) {
    const auto refused = spillway().post_deploy(slug, bad, true);
    EXPECT_EQ(refused.status, 400U) << refused.body;
    EXPECT_NE(refused.json().value("error", ""), "");
  }
  EXPECT_EQ(test::read_file(file), before);
  EXPECT_EQ(list(slug).size(), 0U);
}

TEST_F(versions, take_values_from_an_env_file_beside_them_that_stays) {
  SPILLWAY_NEEDS_ENGINE();
  const auto slug = new_slug();
  spillway().add_app(slug);
  std::ofstream(spillway().app_folder(slug) / ".env") << "GREETING=hello from a file\n";
  auto web = shell_service("echo $GREETING" + stay);
  web["environment"]["GREETING"] = "${GREETING}";
  const auto compose = compose_file({{"web", web}});
  ASSERT_EQ(spillway().post_deploy(slug, compose, true).status, 201U);
  const auto deploy = spillway().watch(deploy_logs(slug));
  expect_ending(*deploy, 1000, "deploy finished");
  EXPECT_EQ(text_of(deploy->newest(), "status"), "success");
  EXPECT_TRUE(spillway().watch(logs(slug, "tail=all"))->wait_for_text("hello from a file"));
}

TEST_F(versions, that_compose_cannot_bring_up_fail_at_their_step_and_can_be_left) {
  SPILLWAY_NEEDS_ENGINE();
  const auto slug = new_slug();
  spillway().deploy(slug, web_app("echo still here" + stay));
  const std::string no_image = "services: {web: {image: 'localhost:1/no/such:image'}}\n";
  const auto up = spillway().post_deploy(slug, no_image, true);
  ASSERT_EQ(up.status, 201U);
  EXPECT_EQ(status_of(up, slug), "failed");
  const auto pull = spillway().admin().post("/api/apps/" + slug + "/pull");
  ASSERT_EQ(pull.status, 202U) << pull.body;
  EXPECT_EQ(status_of(pull, slug), "failed");
  const auto run =
      spillway().watch(deploy_logs(slug) + "?deploy=" + pull.json().value("deploy_id", ""));
  expect_ending(*run, 1000, "deploy finished");
  for (const auto& frame : run->frames())
    EXPECT_EQ(text_of(frame, "action"), "pull") << "no step after the one that failed";
  const auto back = roll_back(slug, list(slug).at(1)["id"]);
  EXPECT_EQ(status_of(back, slug), "success");
  EXPECT_TRUE(spillway().watch(logs(slug, "tail=all"))->wait_for_text("still here"));
}

}  // namespace
}  // namespace spillway::system_test
