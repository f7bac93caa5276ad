// What an operator sees of a running server: the live tree, the metrics, the dashboard.
#include <sstream>

#include "system/fixture.hpp"

namespace spillway::system_test {
namespace {

class at_a_glance : public on_one_server<at_a_glance> {
 public:
  static setting_values settings() { return {}; }

 protected:
  static std::string metric(const std::string& name) {
    std::istringstream lines(spillway().admin().get("/metrics").body);
    for (std::string line; std::getline(lines, line);) {
      if (line.starts_with(name + " ")) return line.substr(name.size() + 1);
    }
    return "none";
  }
  static bool becomes(const std::string& name, const std::string& value) {
    const bool became = eventually([&] { return metric(name) == value; });
    if (!became) ADD_FAILURE() << name << " is " << metric(name) << " and not " << value;
    return became;
  }
};

TEST_F(at_a_glance, a_log_that_is_watched_is_in_the_tree_and_in_the_metrics) {
  SPILLWAY_NEEDS_ENGINE();
  const auto slug = new_slug();
  spillway().deploy(slug, web_app("echo up" + stay));
  {
    const auto log = spillway().watch(logs(slug));
    ASSERT_TRUE(log->wait_for_text("up"));
    EXPECT_TRUE(becomes(R"(spillway_viewers{stream="container"})", "1"));
    const auto tree = spillway().admin().get("/api/system/streams").json();
    bool found = false;
    for (const auto& publisher : tree["publishers"]) {
      if (publisher["kind"] != "container") continue;
      found = true;
      EXPECT_EQ(publisher["app"], slug);
      EXPECT_EQ(publisher["service"], "web");
      EXPECT_EQ(publisher["replica"], 1);
      EXPECT_EQ(publisher["state"], "following");
      EXPECT_EQ(publisher["ring"]["lines"], 1);
      EXPECT_EQ(publisher["viewer_count"], 1);
      EXPECT_EQ(publisher["viewers"][0]["user"], "admin");
      EXPECT_EQ(publisher["viewers"][0]["lag_lines"], 0);
    }
    EXPECT_TRUE(found) << tree.dump();
    EXPECT_EQ(spillway().admin().remove("/api/apps/" + slug).status, 202U);
    expect_ending(*log, 1000, "container exited");
  }
  EXPECT_TRUE(becomes(R"(spillway_closes_total{code="1000",cause="container_exited"})", "1"));
  EXPECT_TRUE(becomes(R"(spillway_deploys_total{action="deploy",status="success"})", "1"));
  EXPECT_TRUE(becomes(R"(spillway_deploys_total{action="down",status="success"})", "1"));
  EXPECT_TRUE(becomes(R"(spillway_viewers{stream="container"})", "0"));
  EXPECT_EQ(metric(R"(spillway_lines_in_total{stream="container"})"), "1");
  EXPECT_EQ(metric(R"(spillway_lines_out_total{stream="container"})"), "1");
}

TEST_F(at_a_glance, the_page_is_the_dashboard_or_says_that_there_is_none) {
  const http_client anyone(spillway().where());
  const auto page = anyone.get("/");
  ASSERT_EQ(page.status, 200U);
  if (page.header("content-type").starts_with("text/plain")) GTEST_SKIP() << page.body;
  EXPECT_EQ(page.header("content-type"), "text/html; charset=utf-8");
  // What the page names is there, and nothing of it is elsewhere.
  const auto script = page.body.find("assets/app-");
  ASSERT_NE(script, std::string::npos) << page.body;
  const auto name = page.body.substr(script, page.body.find('"', script) - script);
  EXPECT_EQ(anyone.get("/" + name).status, 200U);
  EXPECT_EQ(page.body.find("http://"), std::string::npos);
  EXPECT_EQ(page.body.find("https://"), std::string::npos);
}

}  // namespace
}  // namespace spillway::system_test
