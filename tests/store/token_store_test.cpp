#include "store/token_store.hpp"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include <future>

#include "store/login_store.hpp"
#include "store/users_fixture.hpp"

namespace spillway::store {
namespace {

class token_store_test : public users_fixture {
 protected:
  token_store tokens{db};
};

TEST_F(token_store_test, a_token_stands_for_its_user_with_role_grants_and_credential) {
  add("ada", protocol::role::manage);
  ASSERT_TRUE(users.grant("ada", app("shop")));
  const auto made = *tokens.create("ada", "ci", std::nullopt, now);
  EXPECT_EQ(made.text.substr(0, 3), "sd_");
  const auto who = *tokens.authenticate(made.text, now);
  ASSERT_TRUE(who);
  EXPECT_EQ(who->user, "ada");
  EXPECT_EQ(who->granted_role, protocol::role::manage);
  EXPECT_EQ(who->granted_apps, std::set<std::string>{"shop"});
  EXPECT_EQ(who->credential, "token:" + std::to_string(made.id));
}

TEST_F(token_store_test, any_other_text_stands_for_nobody) {
  add("ada");
  const std::string text = tokens.create("ada", "ci", std::nullopt, now)->text;
  for (const std::string& other : {std::string(), std::string("sd_"), text + "x",
                                   text.substr(0, text.size() - 1), std::string(100'000, 'a')})
    EXPECT_FALSE(*tokens.authenticate(other, now)) << other.substr(0, 60);
}

TEST_F(token_store_test, the_file_holds_no_token) {
  add("ada");
  const std::string text = tokens.create("ada", "ci", std::nullopt, now)->text;
  for (const char* file : {"spillway.db", "spillway.db-wal"})
    EXPECT_EQ(test::read_file(dir / file).find(text.substr(3, 20)), std::string::npos);
}

TEST_F(token_store_test, a_token_ends_at_its_expiry) {
  add("ada");
  const auto end = now + std::chrono::hours(1);
  const std::string text = tokens.create("ada", "ci", end, now)->text;
  EXPECT_TRUE(*tokens.authenticate(text, end - std::chrono::nanoseconds(1)));
  EXPECT_FALSE(*tokens.authenticate(text, end));
  EXPECT_EQ(tokens.list()->front().expires_at, end);
}

TEST_F(token_store_test, its_last_use_is_recorded_to_the_minute) {
  add("ada");
  const std::string text = tokens.create("ada", "ci", std::nullopt, now)->text;
  EXPECT_FALSE(tokens.list()->front().last_used_at);
  ASSERT_TRUE(*tokens.authenticate(text, now));
  ASSERT_TRUE(*tokens.authenticate(text, now + std::chrono::seconds(59)));
  EXPECT_EQ(tokens.list()->front().last_used_at, now);
  ASSERT_TRUE(*tokens.authenticate(text, now + std::chrono::seconds(60)));
  EXPECT_EQ(tokens.list()->front().last_used_at, now + std::chrono::seconds(60));
}

TEST_F(token_store_test, a_database_that_cannot_be_written_still_lets_tokens_in) {
  add("ada");
  const std::string text = tokens.create("ada", "ci", std::nullopt, now)->text;
  ASSERT_TRUE(db->run([](SQLite::Database& connection) -> result<void> {
    connection.exec("PRAGMA query_only = ON");
    return {};
  }));
  const auto who = tokens.authenticate(text, now);
  ASSERT_TRUE(who);
  EXPECT_TRUE(*who);
}

TEST_F(token_store_test, a_database_that_another_process_holds_locked_keeps_no_token_waiting) {
  add("ada");
  const std::string text = tokens.create("ada", "ci", std::nullopt, now)->text;
  const std::shared_ptr<database> patient =
      *database::open(dir.path(), {.busy_timeout = std::chrono::minutes(10)});
  SQLite::Database other((dir / "spillway.db").string(), SQLite::OPEN_READWRITE);
  other.exec("BEGIN IMMEDIATE");
  auto answer =
      std::async(std::launch::async, [&] { return token_store(patient).authenticate(text, now); });
  const auto status = answer.wait_for(std::chrono::seconds(30));
  other.exec("ROLLBACK");
  EXPECT_EQ(status, std::future_status::ready);
  const auto who = answer.get();
  ASSERT_TRUE(who);
  EXPECT_TRUE(*who);
  ASSERT_TRUE(patient->run([](SQLite::Database& connection) -> result<void> {
    EXPECT_EQ(connection.execAndGet("PRAGMA busy_timeout").getInt(), 600'000) << "as before";
    return {};
  }));
  EXPECT_FALSE(tokens.list()->front().last_used_at);
  ASSERT_TRUE(*tokens.authenticate(text, now));
  EXPECT_EQ(tokens.list()->front().last_used_at, now) << "the next use is recorded";
}

TEST_F(token_store_test, a_revoked_token_stands_for_nobody) {
  add("ada");
  const auto made = *tokens.create("ada", "ci", std::nullopt, now);
  ASSERT_TRUE(tokens.revoke(made.id));
  EXPECT_FALSE(*tokens.authenticate(made.text, now));
  EXPECT_EQ(tokens.revoke(made.id).error().code, errc::not_found);
}

TEST_F(token_store_test, an_owner_lists_and_revokes_their_own_only) {
  add("ada");
  add("bob");
  const auto of_ada = *tokens.create("ada", "ci", std::nullopt, now);
  const auto of_bob = *tokens.create("bob", "laptop", std::nullopt, now);
  const auto listed = *tokens.list("ada");
  ASSERT_EQ(listed.size(), 1u);
  EXPECT_EQ(listed[0].id, of_ada.id);
  EXPECT_EQ(listed[0].user, "ada");
  EXPECT_EQ(listed[0].label, "ci");
  EXPECT_EQ(tokens.revoke(of_bob.id, "ada").error().code, errc::not_found);
  EXPECT_TRUE(*tokens.authenticate(of_bob.text, now));
  EXPECT_TRUE(tokens.revoke(of_bob.id, "bob"));
}

TEST_F(token_store_test, an_id_is_never_given_twice) {
  add("ada");
  const auto first = *tokens.create("ada", "ci", std::nullopt, now);
  ASSERT_TRUE(tokens.revoke(first.id));
  EXPECT_NE(tokens.create("ada", "ci", std::nullopt, now)->id, first.id);
}

TEST_F(token_store_test, a_label_is_short_text_that_a_terminal_can_show) {
  add("ada");
  EXPECT_TRUE(tokens.create("ada", "mon portable é", std::nullopt, now));
  for (const std::string& bad : {std::string(), std::string(101, 'x'), std::string("a\nb"),
                                 std::string("\x1b[2J"), std::string("\xff")})
    EXPECT_EQ(tokens.create("ada", bad, std::nullopt, now).error().code, errc::invalid);
}

TEST_F(token_store_test, an_unknown_user_gets_none) {
  EXPECT_EQ(tokens.create("nobody", "ci", std::nullopt, now).error().code, errc::not_found);
}

TEST_F(token_store_test, what_a_token_makes_ends_with_it_at_the_latest) {
  add("ada");
  const auto end = now + std::chrono::hours(2);
  const auto first = *tokens.create("ada", "first", end, now);
  const auto who = **tokens.authenticate(first.text, now);
  const auto made = [&](std::optional<protocol::timestamp> expires_at) {
    const auto text = tokens.create_as(who, "made", expires_at, now)->text;
    return (*tokens.authenticate(text, now))->valid_until;
  };
  EXPECT_EQ(made(std::nullopt), end);
  EXPECT_EQ(made(end + std::chrono::hours(1)), end);
  EXPECT_EQ(made(end - std::chrono::hours(1)), end - std::chrono::hours(1));
}

TEST_F(token_store_test, who_logged_in_makes_tokens_that_last) {
  const user ada = add("ada");
  login_store logins(db);
  const auto begun = *logins.create(ada.id, "hash of ada", std::chrono::hours(1), now);
  const auto text = tokens.create_as(begun.who, "laptop", std::nullopt, now)->text;
  EXPECT_FALSE((*tokens.authenticate(text, now))->valid_until);
}

TEST_F(token_store_test, whose_token_or_login_has_ended_meanwhile_makes_none) {
  const user ada = add("ada");
  login_store logins(db);
  const auto first = *tokens.create("ada", "first", now + std::chrono::hours(1), now);
  const auto by_token = **tokens.authenticate(first.text, now);
  const auto begun = *logins.create(ada.id, "hash of ada", std::chrono::hours(1), now);
  const auto refused = [&](const protocol::principal& who, protocol::timestamp at) {
    const auto made = tokens.create_as(who, "made", std::nullopt, at);
    return !made && made.error().code == errc::not_found;
  };
  EXPECT_TRUE(refused(by_token, now + std::chrono::hours(1)));
  ASSERT_TRUE(tokens.revoke(first.id));
  EXPECT_TRUE(refused(by_token, now));
  ASSERT_TRUE(logins.remove(begun.cookie));
  EXPECT_TRUE(refused(begun.who, now));
}

TEST_F(token_store_test, a_user_has_a_bounded_number_of_them) {
  add("ada");
  add("bob");
  const auto first = *tokens.create("ada", "first", std::nullopt, now);
  for (int i = 1; i < max_tokens_per_user; ++i)
    ASSERT_TRUE(tokens.create("ada", "more", std::nullopt, now));
  EXPECT_EQ(tokens.create("ada", "one more", std::nullopt, now).error().code, errc::refused);
  EXPECT_TRUE(tokens.create("bob", "his", std::nullopt, now));
  ASSERT_TRUE(tokens.revoke(first.id));
  EXPECT_TRUE(tokens.create("ada", "one more", std::nullopt, now));
}

}  // namespace
}  // namespace spillway::store
