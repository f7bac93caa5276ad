// A database that fails, under the built server.
#include <SQLiteCpp/Database.h>

#include <fstream>

#include "system/fixture.hpp"

namespace spillway::system_test {
namespace {

std::filesystem::path database_of(const server& of) {
  return of.directory() / "data" / "spillway.db";
}

/// Runs `serve` on a server's data, which is expected to end at once.
finished_command serve_on(const server& data) {
  return data.command_line({"serve"});
}

bool has_one_sentence(const finished_command& done) {
  return std::count(done.standard_error.begin(), done.standard_error.end(), '\n') == 1;
}

TEST(a_database, of_a_newer_program_is_refused_in_words_and_left_alone) {
  server spillway;
  ASSERT_EQ(spillway.stop(), 0);
  {
    SQLite::Database newer(database_of(spillway), SQLite::OPEN_READWRITE);
    newer.exec("PRAGMA user_version = 999");
  }
  for (const auto& done : {serve_on(spillway), spillway.command_line({"user", "list"})}) {
    EXPECT_EQ(done.exit_code, 1);
    EXPECT_NE(done.standard_error.find("newer"), std::string::npos) << done.standard_error;
    EXPECT_TRUE(has_one_sentence(done)) << done.standard_error;
  }
  SQLite::Database after(database_of(spillway), SQLite::OPEN_READWRITE);
  EXPECT_EQ(after.execAndGet("PRAGMA user_version").getInt(), 999);
  EXPECT_EQ(after.execAndGet("SELECT count(*) FROM users").getInt(), 1);
}

TEST(a_database, that_is_damaged_is_refused_in_words_and_left_alone) {
  server spillway;
  ASSERT_EQ(spillway.stop(), 0);
  const std::string garbage(100'000, 'x');
  std::ofstream(database_of(spillway), std::ios::binary) << garbage;
  const auto done = serve_on(spillway);
  EXPECT_EQ(done.exit_code, 1);
  EXPECT_NE(done.standard_error.find("damaged"), std::string::npos) << done.standard_error;
  EXPECT_TRUE(has_one_sentence(done)) << done.standard_error;
  EXPECT_EQ(test::read_file(database_of(spillway)), garbage);
}

TEST(a_database, of_the_version_before_is_brought_up_to_date_with_all_it_holds) {
  server spillway;
  const auto token = spillway.make_user("ada", "viewer");
  ASSERT_EQ(spillway.stop(), 0);
  {
    // As the first version left it.
    SQLite::Database old(database_of(spillway), SQLite::OPEN_READWRITE);
    for (const char* trigger : {"user_removed", "role_changed", "grant_revoked", "token_revoked",
                                "token_changed", "login_ended"})
      old.exec("DROP TRIGGER access_of_" + std::string(trigger));
    old.exec(
        "DROP TABLE access_version; DROP TABLE audit; DROP TABLE compose_versions; "
        "PRAGMA user_version = 1");
  }
  spillway.start();
  EXPECT_EQ(spillway.as(token).get("/api/me").json()["username"], "ada");
  const auto log = spillway.watch(process_log);
  ASSERT_TRUE(log->wait_for_count(1));
  EXPECT_EQ(spillway.admin().get("/api/system/audit").json().size(), 1U);
}

TEST(a_database, that_another_process_holds_locked_is_told_and_tokens_get_in_all_the_same) {
  server spillway;
  const auto token = spillway.make_user("ada", "super_admin");
  SQLite::Database other(database_of(spillway), SQLite::OPEN_READWRITE);
  other.exec("BEGIN IMMEDIATE");
  const auto log = spillway.watch_as(token, process_log);
  EXPECT_EQ(log->handshake_status(), 101U);
  const auto login = spillway.nobody().post(
      "/api/auth/login", {{"username", admin_name}, {"password", admin_password}});
  EXPECT_EQ(login.status, 503U) << login.body;
  EXPECT_NE(login.header("retry-after"), "");
  EXPECT_EQ(login.body.find("spillway.db"), std::string::npos) << "a path is nobody's business";
  other.exec("ROLLBACK");
  EXPECT_EQ(spillway.nobody()
                .post("/api/auth/login", {{"username", admin_name}, {"password", admin_password}})
                .status,
            200U);
  // What could not be written in between is not lost.
  EXPECT_TRUE(eventually(
      [&] { return spillway.admin().get("/api/system/audit?user=ada").json().size() == 1; }));
  EXPECT_TRUE(log->open());
}

}  // namespace
}  // namespace spillway::system_test
