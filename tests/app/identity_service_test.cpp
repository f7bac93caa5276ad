#include "app/identity_service.hpp"

#include <SQLiteCpp/Database.h>
#include <gtest/gtest.h>

#include <future>

#include "store/database.hpp"
#include "store/passwords.hpp"
#include "support/temp_dir.hpp"

namespace spillway::app {
namespace {

using protocol::role;

/// The work of one password hash for all tests.
const std::string& shared_hash() {
  static const std::string hash = *store::hash_password("secret-123");
  return hash;
}

class identity_service_test : public testing::Test {
 protected:
  void add(const std::string& name, role r = role::viewer) {
    ASSERT_TRUE(users.add(name, r, shared_hash(), time));
  }
  std::string log_in(const std::string& name) {
    const auto begun = service.log_in(name, "secret-123");
    return begun ? begun->session_cookie : "error: " + begun.error().message;
  }
  template <class Value>
  static unsigned status_of(const net::result<Value>& outcome) {
    return outcome ? 200 : outcome.error().status;
  }

  const test::temp_dir dir;
  const std::shared_ptr<store::database> db = *store::database::open(dir.path());
  store::user_store users{db};
  store::token_store tokens{db};
  protocol::timestamp time{std::chrono::seconds{1'790'000'000}};
  identity_service service{db, std::chrono::hours(24), [this] { return time; }};
};

TEST_F(identity_service_test, setup_creates_the_first_user_and_no_second) {
  EXPECT_EQ(service.needs_setup(), true);
  const auto created = service.setup("root", "secret-123");
  ASSERT_TRUE(created);
  EXPECT_EQ(created->user, "root");
  EXPECT_EQ(created->granted_role, role::super_admin);
  EXPECT_EQ(service.needs_setup(), false);
  EXPECT_EQ(status_of(service.setup("other", "secret-123")), 409u);
  EXPECT_TRUE(service.log_in("root", "secret-123"));
}

TEST_F(identity_service_test, setup_says_what_is_wrong_with_a_name_or_password) {
  const auto name = service.setup("a b", "secret-123");
  EXPECT_EQ(status_of(name), 400u);
  EXPECT_NE(name.error().message.find("user name"), std::string::npos);
  const auto password = service.setup("root", "short");
  EXPECT_EQ(status_of(password), 400u);
  EXPECT_NE(password.error().message.find("8 characters"), std::string::npos);
  EXPECT_EQ(service.needs_setup(), true);
}

TEST_F(identity_service_test, of_two_setups_at_once_one_is_done) {
  auto other =
      std::async(std::launch::async, [&] { return status_of(service.setup("a", "secret-123")); });
  const unsigned mine = status_of(service.setup("b", "secret-123"));
  const unsigned theirs = other.get();
  EXPECT_EQ(std::min(mine, theirs), 200u);
  EXPECT_EQ(std::max(mine, theirs), 409u);
  EXPECT_EQ(users.list()->size(), 1u);
}

TEST_F(identity_service_test, a_login_s_cookie_proves_its_user) {
  add("ada", role::manage);
  ASSERT_TRUE(users.grant("ada", *protocol::slug::parse("shop")));
  const auto begun = service.log_in("Ada", "secret-123");
  ASSERT_TRUE(begun);
  EXPECT_EQ(begun->who.user, "ada");
  const auto who = service.authenticate({begun->session_cookie, ""});
  ASSERT_TRUE(who);
  EXPECT_EQ(who->user, "ada");
  EXPECT_EQ(who->granted_role, role::manage);
  EXPECT_EQ(who->granted_apps, std::set<std::string>{"shop"});
  EXPECT_EQ(who->credential.substr(0, 6), "login:");
}

TEST_F(identity_service_test, a_wrong_password_and_an_unknown_user_get_the_same_answer) {
  add("ada");
  const auto wrong = service.log_in("ada", "secret-124");
  const auto unknown = service.log_in("bob", "secret-123");
  EXPECT_EQ(status_of(wrong), 401u);
  EXPECT_EQ(status_of(unknown), 401u);
  EXPECT_EQ(wrong.error().message, "credentials missing or not valid");
  EXPECT_EQ(unknown.error().message, wrong.error().message);
}

TEST_F(identity_service_test, without_credentials_or_with_bad_ones_nobody_is_let_in) {
  add("ada");
  for (const net::credentials& bad :
       {net::credentials{}, net::credentials{"x", ""}, net::credentials{"", "sd_x"},
        net::credentials{std::string(100'000, 'x'), ""}}) {
    const auto who = service.authenticate(bad);
    EXPECT_EQ(status_of(who), 401u);
    EXPECT_EQ(who.error().message, "credentials missing or not valid");
  }
}

TEST_F(identity_service_test, a_login_ends_after_the_session_lifetime) {
  add("ada");
  const std::string cookie = log_in("ada");
  time += std::chrono::hours(24) - std::chrono::seconds(1);
  EXPECT_TRUE(service.authenticate({cookie, ""}));
  time += std::chrono::seconds(1);
  EXPECT_EQ(status_of(service.authenticate({cookie, ""})), 401u);
}

TEST_F(identity_service_test, a_bearer_token_counts_before_a_cookie) {
  add("ada");
  add("bob");
  const std::string cookie = log_in("ada");
  const auto token = *tokens.create("bob", "ci", std::nullopt, time);
  const auto who = service.authenticate({cookie, token.text});
  ASSERT_TRUE(who);
  EXPECT_EQ(who->user, "bob");
  EXPECT_EQ(who->credential, "token:" + std::to_string(token.id));
  EXPECT_EQ(status_of(service.authenticate({cookie, "sd_wrong"})), 401u);
}

TEST_F(identity_service_test, an_expired_token_lets_nobody_in) {
  add("ada");
  const auto token = *tokens.create("ada", "ci", time + std::chrono::hours(1), time);
  EXPECT_TRUE(service.authenticate({"", token.text}));
  time += std::chrono::hours(1);
  EXPECT_EQ(status_of(service.authenticate({"", token.text})), 401u);
}

TEST_F(identity_service_test, a_cookie_is_no_token_and_a_token_no_cookie) {
  add("ada");
  const std::string cookie = log_in("ada");
  const std::string token = tokens.create("ada", "ci", std::nullopt, time)->text;
  EXPECT_EQ(status_of(service.authenticate({token, ""})), 401u);
  EXPECT_EQ(status_of(service.authenticate({"", cookie})), 401u);
}

TEST_F(identity_service_test, logging_out_ends_the_login_and_can_be_repeated) {
  add("ada");
  const std::string cookie = log_in("ada");
  EXPECT_TRUE(service.log_out({cookie, ""}));
  EXPECT_EQ(status_of(service.authenticate({cookie, ""})), 401u);
  EXPECT_TRUE(service.log_out({cookie, ""}));
  EXPECT_TRUE(service.log_out({}));
}

TEST_F(identity_service_test, api_keys_are_their_owner_s_alone) {
  add("ada");
  add("bob");
  const auto ada = *service.authenticate({log_in("ada"), ""});
  const auto bob = *service.authenticate({log_in("bob"), ""});
  const auto made = service.create_api_key(ada, "ci", std::nullopt);
  ASSERT_TRUE(made);
  EXPECT_EQ(service.authenticate({"", made->second})->user, "ada");
  const auto keys = service.api_keys(ada);
  ASSERT_EQ(keys->size(), 1u);
  EXPECT_EQ(keys->front().id, made->first);
  EXPECT_EQ(keys->front().name, "ci");
  EXPECT_EQ(keys->front().created_at, protocol::format_rfc3339_milli(time));
  EXPECT_EQ(keys->front().expires_at, "");
  EXPECT_TRUE(service.api_keys(bob)->empty());
  EXPECT_EQ(status_of(service.revoke_api_key(bob, made->first)), 404u);
  EXPECT_TRUE(service.revoke_api_key(ada, made->first));
  EXPECT_EQ(status_of(service.authenticate({"", made->second})), 401u);
}

TEST_F(identity_service_test, an_api_key_ends_by_itself_where_that_was_asked_for) {
  add("ada");
  const auto ada = *service.authenticate({log_in("ada"), ""});
  const auto made = service.create_api_key(ada, "ci", std::chrono::hours(1));
  ASSERT_TRUE(made);
  EXPECT_EQ(service.api_keys(ada)->front().expires_at,
            protocol::format_rfc3339_milli(time + std::chrono::hours(1)));
  EXPECT_TRUE(service.authenticate({"", made->second}));
  time += std::chrono::hours(1);
  EXPECT_EQ(status_of(service.authenticate({"", made->second})), 401u);
}

TEST_F(identity_service_test, a_bad_key_name_is_a_bad_request) {
  add("ada");
  const auto ada = *service.authenticate({log_in("ada"), ""});
  EXPECT_EQ(status_of(service.create_api_key(ada, "", {})), 400u);
}

TEST_F(identity_service_test, who_has_just_been_logged_out_makes_no_api_key) {
  add("ada");
  const std::string cookie = log_in("ada");
  const auto ada = *service.authenticate({cookie, ""});
  ASSERT_TRUE(service.log_out({cookie, ""}));
  EXPECT_EQ(status_of(service.create_api_key(ada, "ci", {})), 401u);
}

TEST_F(identity_service_test, a_failing_database_is_answered_without_its_path) {
  ASSERT_TRUE(db->run([](SQLite::Database& connection) -> store::result<void> {
    connection.exec("DROP TABLE tokens");
    return {};
  }));
  const auto who = service.authenticate({"", "sd_" + std::string(43, 'A')});
  EXPECT_EQ(status_of(who), 500u);
  EXPECT_EQ(who.error().message.find(dir.path().string()), std::string::npos);
}

TEST_F(identity_service_test, a_new_password_ends_every_login_and_gives_the_caller_another) {
  add("ada");
  const std::string mine = log_in("ada");
  const std::string elsewhere = log_in("ada");
  const auto who = *service.authenticate({mine, ""});
  const auto begun = service.change_password(who, "secret-123", "another-456");
  ASSERT_TRUE(begun);
  ASSERT_TRUE(*begun);
  EXPECT_TRUE(service.authenticate({(*begun)->session_cookie, ""}));
  EXPECT_EQ(status_of(service.authenticate({mine, ""})), 401u);
  EXPECT_EQ(status_of(service.authenticate({elsewhere, ""})), 401u);
  EXPECT_EQ(status_of(service.log_in("ada", "secret-123")), 401u);
  EXPECT_TRUE(service.log_in("ada", "another-456"));
}

TEST_F(identity_service_test, who_changes_a_password_by_a_token_gets_no_login) {
  add("ada");
  const auto token = *tokens.create("ada", "ci", std::nullopt, time);
  const auto who = *service.authenticate({"", token.text});
  const auto begun = service.change_password(who, "secret-123", "another-456");
  ASSERT_TRUE(begun);
  EXPECT_FALSE(*begun);
  EXPECT_TRUE(service.authenticate({"", token.text})) << "a token is revoked by itself";
}

TEST_F(identity_service_test, a_password_is_changed_by_who_knows_it_and_to_a_good_one) {
  add("ada");
  const std::string cookie = log_in("ada");
  const auto who = *service.authenticate({cookie, ""});
  EXPECT_EQ(status_of(service.change_password(who, "secret-124", "another-456")), 403u);
  EXPECT_EQ(status_of(service.change_password(who, "secret-123", "short")), 400u);
  EXPECT_TRUE(service.authenticate({cookie, ""}));
  EXPECT_TRUE(service.log_in("ada", "secret-123"));
  EXPECT_EQ(status_of(service.change_password({"gone", role::viewer, {}, {}}, "a", "b")), 401u);
}

}  // namespace
}  // namespace spillway::app
