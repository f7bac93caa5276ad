#include "store/login_store.hpp"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include "store/access_store.hpp"
#include "store/users_fixture.hpp"

namespace spillway::store {
namespace {

using std::chrono::hours;

class login_store_test : public users_fixture {
 protected:
  int rows() {
    return *db->run([](SQLite::Database& connection) -> result<int> {
      return connection.execAndGet("SELECT count(*) FROM logins").getInt();
    });
  }
  login_store logins{db};
};

TEST_F(login_store_test, a_cookie_stands_for_its_user) {
  const user ada = add("ada", protocol::role::super_admin);
  ASSERT_TRUE(users.grant("ada", app("shop")));
  const auto begun = *logins.create(ada.id, "hash of ada", hours(1), now);
  const auto who = *logins.authenticate(begun.cookie, now);
  ASSERT_TRUE(who);
  EXPECT_EQ(who->user, "ada");
  EXPECT_EQ(who->granted_role, protocol::role::super_admin);
  EXPECT_EQ(who->granted_apps, std::set<std::string>{"shop"});
  EXPECT_EQ(who->credential, begun.who.credential);
  EXPECT_EQ(who->credential.substr(0, 6), "login:");
  EXPECT_EQ(who->credential.size(), 6u + 16u);
  EXPECT_EQ(who->valid_until, now + hours(1));
  EXPECT_EQ(who->access_version, *access_store(db).version());
}

TEST_F(login_store_test, nothing_else_is_a_cookie) {
  const std::string cookie = logins.create(add("ada").id, "hash of ada", hours(1), now)->cookie;
  std::string other = cookie;
  other.back() = other.back() == 'A' ? 'B' : 'A';
  for (const std::string& bad :
       {std::string(), "x" + cookie, cookie + "x", cookie.substr(1), other, std::string(43, 'A'),
        std::string(43, '\0'), cookie.substr(0, 42) + "=", cookie.substr(0, 42) + "\xff",
        "sd_" + cookie, std::string(100'000, 'A')})
    EXPECT_FALSE(*logins.authenticate(bad, now)) << bad.substr(0, 60);
}

TEST_F(login_store_test, none_begins_with_a_password_that_was_changed_meanwhile) {
  const user ada = add("ada");
  ASSERT_TRUE(users.set_password(ada.id, "another hash"));
  EXPECT_EQ(logins.create(ada.id, "hash of ada", hours(1), now).error().code, errc::not_found);
  EXPECT_TRUE(logins.create(ada.id, "another hash", hours(1), now));
}

TEST_F(login_store_test, two_logins_of_one_user_have_two_credentials) {
  const user ada = add("ada");
  const auto first = *logins.create(ada.id, "hash of ada", hours(1), now);
  const auto second = *logins.create(ada.id, "hash of ada", hours(1), now);
  EXPECT_NE(first.cookie, second.cookie);
  EXPECT_NE(first.who.credential, second.who.credential);
}

TEST_F(login_store_test, a_login_ends_after_its_lifetime) {
  const user ada = add("ada");
  const std::string cookie = logins.create(ada.id, "hash of ada", hours(1), now)->cookie;
  EXPECT_TRUE(*logins.authenticate(cookie, now + hours(1) - std::chrono::nanoseconds(1)));
  EXPECT_FALSE(*logins.authenticate(cookie, now + hours(1)));
}

TEST_F(login_store_test, a_removed_login_ends_alone) {
  const user ada = add("ada");
  const std::string first = logins.create(ada.id, "hash of ada", hours(1), now)->cookie;
  const std::string second = logins.create(ada.id, "hash of ada", hours(1), now)->cookie;
  ASSERT_TRUE(logins.remove(first));
  EXPECT_FALSE(*logins.authenticate(first, now));
  EXPECT_TRUE(*logins.authenticate(second, now));
  EXPECT_TRUE(logins.remove(first));
}

TEST_F(login_store_test, expired_logins_are_forgotten_when_one_begins) {
  const user ada = add("ada");
  ASSERT_TRUE(logins.create(ada.id, "hash of ada", hours(1), now));
  ASSERT_TRUE(logins.create(ada.id, "hash of ada", hours(3), now));
  ASSERT_TRUE(logins.create(ada.id, "hash of ada", hours(1), now + hours(2)));
  EXPECT_EQ(rows(), 2);
}

TEST_F(login_store_test, a_user_who_is_gone_cannot_begin_one) {
  EXPECT_EQ(logins.create(77, "hash of ada", hours(1), now).error().code, errc::not_found);
}

}  // namespace
}  // namespace spillway::store
