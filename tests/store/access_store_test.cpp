#include "store/access_store.hpp"

#include <functional>

#include "store/login_store.hpp"
#include "store/token_store.hpp"
#include "store/users_fixture.hpp"

namespace spillway::store {
namespace {

using protocol::role;
using std::chrono::hours;

class access_store_test : public users_fixture {
 protected:
  void expect_counted(const char* what, bool counted, const std::function<void()>& change) {
    const auto before = *access.version();
    change();
    EXPECT_EQ(*access.version() > before, counted) << what;
  }

  login_store logins{db};
  token_store tokens{db};
  access_store access{db};
};

TEST_F(access_store_test, whatever_may_end_someones_access_counts_the_version_up) {
  add("root", role::super_admin);
  const user ada = add("ada", role::manage);
  add("bob");
  ASSERT_TRUE(users.grant("ada", app("shop")));
  const auto token = *tokens.create("ada", "ci", std::nullopt, now);
  const auto login = *logins.create(ada.id, "hash of ada", hours(1), now);
  expect_counted("a grant revoked", true, [&] { (void)users.revoke("ada", app("shop")); });
  expect_counted("a role changed", true, [&] { (void)users.set_role("ada", role::viewer); });
  expect_counted("a token revoked", true, [&] { (void)tokens.revoke(token.id); });
  expect_counted("a logout", true, [&] { (void)logins.remove(login.cookie); });
  expect_counted("a user removed", true, [&] { (void)users.remove("bob"); });
  (void)logins.create(ada.id, "hash of ada", hours(1), now);
  expect_counted("a password changed", true, [&] { (void)users.set_password("ada", "new"); });
}

TEST_F(access_store_test, what_ends_nobodys_access_does_not) {
  add("root", role::super_admin);
  std::string token;
  std::string cookie;
  expect_counted("a user added", false, [&] { add("ada"); });
  expect_counted("a grant", false, [&] { (void)users.grant("ada", app("shop")); });
  expect_counted("a new token", false,
                 [&] { token = tokens.create("ada", "ci", std::nullopt, now)->text; });
  expect_counted("a token used", false, [&] { (void)tokens.authenticate(token, now); });
  expect_counted("a login", false, [&] {
    cookie = logins.create((*users.find("ada"))->who.id, "hash of ada", hours(1), now)->cookie;
  });
  expect_counted("a cookie used", false, [&] { (void)logins.authenticate(cookie, now); });
}

TEST_F(access_store_test, tokens_and_logins_that_go_with_their_user_are_counted_too) {
  add("root", role::super_admin);
  const user ada = add("ada");
  (void)tokens.create("ada", "ci", std::nullopt, now);
  (void)logins.create(ada.id, "hash of ada", hours(1), now);
  (void)users.grant("ada", app("shop"));
  const auto before = *access.version();
  ASSERT_TRUE(users.remove("ada"));
  EXPECT_EQ(*access.version(), before + 4);
}

TEST_F(access_store_test, a_change_by_another_process_is_seen) {
  add("ada", role::super_admin);
  const auto token = *tokens.create("ada", "ci", std::nullopt, now);
  const auto before = *access.version();
  const auto theirs = *database::open(dir.path());
  ASSERT_TRUE(token_store(theirs).revoke(token.id));
  EXPECT_GT(*access.version(), before);
  EXPECT_FALSE(*access.find("token:" + std::to_string(token.id), now));
}

TEST_F(access_store_test, a_credential_is_found_by_its_name) {
  const user ada = add("ada", role::manage);
  ASSERT_TRUE(users.grant("ada", app("shop")));
  const auto token = *tokens.create("ada", "ci", now + hours(2), now);
  const auto login = *logins.create(ada.id, "hash of ada", hours(1), now);
  const auto by_token = *access.find((*tokens.authenticate(token.text, now))->credential, now);
  const auto by_login = *access.find(login.who.credential, now);
  for (const auto& who : {by_token, by_login}) {
    ASSERT_TRUE(who);
    EXPECT_EQ(who->user, "ada");
    EXPECT_EQ(who->granted_role, role::manage);
    EXPECT_EQ(who->granted_apps, std::set<std::string>{"shop"});
  }
  EXPECT_EQ(by_token->valid_until, now + hours(2));
  EXPECT_EQ(by_login->valid_until, now + hours(1));
}

TEST_F(access_store_test, a_credential_past_its_end_is_not) {
  const user ada = add("ada");
  const auto token = *tokens.create("ada", "ci", now + hours(2), now);
  const auto name = "token:" + std::to_string(token.id);
  EXPECT_TRUE(*access.find(name, now + hours(2) - std::chrono::nanoseconds(1)));
  EXPECT_FALSE(*access.find(name, now + hours(2)));
  const auto login = *logins.create(ada.id, "hash of ada", hours(1), now);
  EXPECT_FALSE(*access.find(login.who.credential, now + hours(1)));
}

TEST_F(access_store_test, nothing_else_is_a_credentials_name) {
  const user ada = add("ada");
  (void)logins.create(ada.id, "hash of ada", hours(1), now);
  for (const char* text :
       {"", "token:", "token:x", "token:1", "token:99999999999999999999", "login:", "login:0",
        "login:0000000000000000", "login:000000000000000g", "LOGIN:0000000000000000", "ada"})
    EXPECT_FALSE(*access.find(text, now)) << text;
}

}  // namespace
}  // namespace spillway::store
