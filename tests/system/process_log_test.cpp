// The server's own process log as a viewer sees it.
#include <regex>

#include "system/fixture.hpp"

namespace spillway::system_test {
namespace {

class process_logs : public on_one_server<process_logs> {
 public:
  static setting_values settings() { return {}; }
};

TEST_F(process_logs, frames_are_json_strings_of_stamped_lines_from_the_servers_first_on) {
  spillway().admin().get("/api/me");
  const auto log = spillway().watch(process_log);
  ASSERT_TRUE(log->wait_for_text("listening on http://127.0.0.1:"));
  ASSERT_TRUE(log->wait_for_text("GET /api/me"));
  const std::regex form(R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z \[[a-z_-]+\] .+)");
  for (const auto& frame : log->frames()) {
    const auto line = nlohmann::json::parse(frame, nullptr, false);
    ASSERT_TRUE(line.is_string()) << frame;
    // What is written past the logger stands there as it was written.
    const bool is_ready_line = line.get<std::string>().starts_with("listening on ");
    EXPECT_TRUE(is_ready_line || std::regex_match(line.get<std::string>(), form)) << frame;
  }
}

TEST_F(process_logs, requests_appear_live_and_in_what_the_process_prints) {
  const auto log = spillway().watch(process_log);
  ASSERT_TRUE(log->wait_for_text("listening on"));
  spillway().admin().get("/api/apps/no-such-app-4711");
  EXPECT_TRUE(log->wait_for_text("handled GET /api/apps/no-such-app-4711 in "));
  EXPECT_TRUE(eventually([] {
    return spillway().output().find("handled GET /api/apps/no-such-app-4711 in ") !=
           std::string::npos;
  }));
}

TEST_F(process_logs, they_hold_no_secrets) {
  const auto session = spillway().nobody().post(
      "/api/auth/login", {{"username", admin_name}, {"password", admin_password}});
  ASSERT_EQ(session.status, 200U) << session.body;
  auto cookie = session.header("set-cookie");
  cookie = cookie.substr(cookie.find('=') + 1);
  cookie = cookie.substr(0, cookie.find(';'));
  ASSERT_GE(cookie.size(), 32U);
  spillway().nobody().get("/api/me?token=" + spillway().token());
  spillway().as("sd_wrong-but-still-a-secret").get("/api/me");
  spillway().admin().get("/api/apps/the-last-request");
  const auto log = spillway().watch(process_log);
  ASSERT_TRUE(log->wait_for_text("the-last-request"));
  for (const auto& frame : log->frames())
    for (const auto& secret : {spillway().token(), cookie, std::string(admin_password),
                               std::string("sd_wrong-but-still-a-secret")})
      EXPECT_EQ(frame.find(secret), std::string::npos) << frame;
}

TEST_F(process_logs, rest_gives_the_newest_lines) {
  spillway().admin().get("/api/apps/one-before");
  const auto lines = spillway().admin().get("/api/system/process-logs?limit=3").json();
  ASSERT_TRUE(lines.is_array()) << lines;
  EXPECT_LE(lines.size(), 3U);
  ASSERT_FALSE(lines.empty());
  EXPECT_TRUE(lines.back().contains("timestamp"));
  EXPECT_TRUE(lines.back().contains("message"));
  EXPECT_EQ(spillway().admin().get("/api/system/process-logs?limit=many").status, 400U);
}

TEST_F(process_logs, a_line_of_a_hostile_request_stays_one_line) {
  const auto log = spillway().watch(process_log);
  ASSERT_TRUE(log->wait_for_text("listening on"));
  spillway().admin().get("/api/apps/x%0Aforged-line%1B[2J");
  spillway().admin().get("/api/apps/after-the-hostile");
  ASSERT_TRUE(log->wait_for_text("after-the-hostile"));
  for (const auto& frame : log->frames()) {
    const auto line = nlohmann::json::parse(frame).get<std::string>();
    EXPECT_FALSE(line.starts_with("forged-line")) << frame;
    EXPECT_EQ(line.find('\x1b'), std::string::npos) << frame;
  }
}

}  // namespace
}  // namespace spillway::system_test
