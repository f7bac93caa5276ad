// Who watched what, as a super_admin reads it.
#include "system/fixture.hpp"

namespace spillway::system_test {
namespace {

class audit : public on_one_server<audit> {
 public:
  static setting_values settings() {
    return {{"deploy.start_wait", "20ms"}, {"audit.records", "30"}};
  }

 protected:
  static nlohmann::json rows(const std::string& query = "") {
    return spillway().admin().get("/api/system/audit" + query).json();
  }
  /// The newest stream of a user, once it has ended.
  static nlohmann::json ended(const std::string& user) {
    nlohmann::json found;
    EXPECT_TRUE(eventually([&] {
      const auto all = rows("?limit=1&user=" + user);
      found = all.empty() ? nlohmann::json() : all[0];
      return found.is_object() && !found["closed_at"].is_null();
    }));
    return found;
  }
};

TEST_F(audit, names_user_credential_address_stream_times_and_amount) {
  const auto token = spillway().make_user("ada", "super_admin");
  const auto log = spillway().watch_as(token, process_log);
  ASSERT_TRUE(log->wait_for_count(1));
  const auto open = rows("?user=ada");
  ASSERT_EQ(open.size(), 1U) << open;
  EXPECT_TRUE(open[0]["closed_at"].is_null());
  log->close();
  ASSERT_TRUE(log->wait_closed());
  const auto row = ended("ada");
  EXPECT_EQ(row["id"], open[0]["id"]);
  EXPECT_EQ(row["user"], "ada");
  EXPECT_TRUE(row["credential"].get<std::string>().starts_with("token:"));
  EXPECT_EQ(row["address"], "127.0.0.1");
  EXPECT_EQ(row["stream"], "process-logs");
  EXPECT_TRUE(row["app"].is_null());
  EXPECT_EQ(row["reason"], "viewer gone");
  EXPECT_TRUE(row["code"].is_null());
  EXPECT_GE(row["lines"].get<std::size_t>(), log->count());
  EXPECT_GE(row["bytes"].get<std::size_t>(), log->bytes());
  EXPECT_GE(row["duration_ms"].get<int>(), 0);
}

TEST_F(audit, names_the_code_and_reason_of_our_close) {
  const auto token = spillway().make_user("bob", "super_admin");
  const auto slug = new_slug();
  spillway().add_app(slug);
  const auto none = spillway().watch_as(token, deploy_logs(slug));
  ASSERT_TRUE(none->wait_closed());
  const auto row = ended("bob");
  EXPECT_EQ(row["stream"], "deploy-logs");
  EXPECT_EQ(row["app"], slug);
  EXPECT_EQ(row["code"], 1000);
  EXPECT_EQ(row["reason"], "nothing to stream");
  EXPECT_EQ(row["lines"], 1);
}

TEST_F(audit, is_the_super_admins_alone) {
  const auto token = spillway().make_user("vera", "manage");
  EXPECT_EQ(spillway().as(token).get("/api/system/audit").status, 403U);
  EXPECT_EQ(spillway().nobody().get("/api/system/audit").status, 401U);
}

TEST_F(audit, keeps_the_newest_records) {
  const auto token = spillway().make_user("carl", "super_admin");
  const auto slug = new_slug();
  spillway().add_app(slug);
  for (int i = 0; i < 40; ++i) {
    EXPECT_TRUE(spillway().watch_as(token, deploy_logs(slug))->wait_closed());
  }
  EXPECT_LE(rows("?limit=1000").size(), 30U);
  EXPECT_EQ(rows("?limit=3&user=carl").size(), 3U);
}

TEST(audit_of_a_dead_server, says_so_of_what_was_open) {
  server spillway;
  const auto open = spillway.watch(process_log);
  ASSERT_TRUE(open->wait_for_count(1));
  ASSERT_EQ(spillway.admin().get("/api/system/audit").json().size(), 1U);
  spillway.send_signal(SIGKILL);
  ASSERT_TRUE(spillway.wait_exit());
  spillway.start();
  const auto rows = spillway.admin().get("/api/system/audit").json();
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0]["reason"], "the server died");
  EXPECT_TRUE(rows[0]["closed_at"].is_null());
}

TEST(audit_of_a_server, has_the_end_of_every_stream_after_it_stopped) {
  server spillway;
  const auto open = spillway.watch(process_log);
  ASSERT_TRUE(open->wait_for_count(1));
  EXPECT_EQ(spillway.stop(), 0);
  spillway.start();
  const auto rows = spillway.admin().get("/api/system/audit").json();
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0]["code"], 1001) << rows;
  EXPECT_FALSE(rows[0]["closed_at"].is_null());
}

}  // namespace
}  // namespace spillway::system_test
