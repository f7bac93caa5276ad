#include "store/user_store.hpp"

#include <future>

#include "store/login_store.hpp"
#include "store/token_store.hpp"
#include "store/users_fixture.hpp"

namespace spillway::store {
namespace {

using protocol::role;

class user_store_test : public users_fixture {};

TEST_F(user_store_test, a_user_is_found_as_added) {
  add("ada", role::manage);
  const auto found = *users.find("ada");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->who.name, "ada");
  EXPECT_EQ(found->who.role, role::manage);
  EXPECT_EQ(found->who.created_at, now);
  EXPECT_EQ(found->password_hash, "hash of ada");
  EXPECT_FALSE(*users.find("bob"));
}

TEST_F(user_store_test, names_are_taken_whatever_their_case) {
  add("ada");
  const auto again = users.add("ADA", role::viewer, "x", now);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, errc::exists);
  EXPECT_EQ((*users.find("Ada"))->who.name, "ada");
}

TEST_F(user_store_test, names_hold_1_to_64_of_a_small_alphabet) {
  EXPECT_TRUE(check_user_name("Ada.L-1_x@example.org"));
  EXPECT_TRUE(check_user_name(std::string(64, 'a')));
  for (const std::string& bad : {std::string(), std::string(65, 'a'), std::string("a b"),
                                 std::string("a/b"), std::string("a\0b", 3), std::string("é"),
                                 std::string("a\n"), std::string("'; DROP TABLE users")}) {
    const auto added = users.add(bad, role::viewer, "x", now);
    ASSERT_FALSE(added) << bad;
    EXPECT_EQ(added.error().code, errc::invalid) << bad;
  }
  EXPECT_TRUE(*users.empty());
}

TEST_F(user_store_test, the_first_user_is_a_super_admin_and_there_is_one_only) {
  EXPECT_TRUE(*users.empty());
  EXPECT_EQ(users.add_first("root", "x", now)->role, role::super_admin);
  EXPECT_FALSE(*users.empty());
  EXPECT_EQ(users.add_first("other", "x", now).error().code, errc::refused);
}

TEST_F(user_store_test, of_two_first_users_at_once_one_is_added) {
  const auto other_db = *database::open(dir.path());
  auto other = std::async(std::launch::async, [&] {
    return user_store(other_db).add_first("b", "x", now).has_value();
  });
  const bool mine = users.add_first("a", "x", now).has_value();
  EXPECT_NE(mine, other.get());
  EXPECT_EQ(users.list()->size(), 1u);
}

TEST_F(user_store_test, the_list_is_sorted_and_holds_grants) {
  add("bob");
  add("Ada");
  ASSERT_TRUE(users.grant("bob", app("shop")));
  ASSERT_TRUE(users.grant("bob", app("blog")));
  ASSERT_TRUE(users.grant("bob", app("blog")));
  const auto list = *users.list();
  ASSERT_EQ(list.size(), 2u);
  EXPECT_EQ(list[0].name, "Ada");
  EXPECT_EQ(list[1].granted_apps, (std::set<std::string>{"blog", "shop"}));
}

TEST_F(user_store_test, a_grant_ends_when_revoked) {
  add("bob");
  ASSERT_TRUE(users.grant("bob", app("shop")));
  ASSERT_TRUE(users.revoke("bob", app("shop")));
  EXPECT_TRUE(users.list()->front().granted_apps.empty());
  EXPECT_EQ(users.revoke("bob", app("shop")).error().code, errc::not_found);
}

TEST_F(user_store_test, what_is_done_to_an_unknown_user_is_an_error_that_names_them) {
  for (const auto& outcome : {users.remove("nobody"), users.grant("nobody", app("shop")),
                              users.revoke("nobody", app("shop"))}) {
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().code, errc::not_found);
    EXPECT_EQ(outcome.error().message, "there is no user nobody");
  }
}

TEST_F(user_store_test, the_last_super_admin_stays) {
  add("root", role::super_admin);
  add("bob", role::manage);
  EXPECT_EQ(users.remove("root").error().code, errc::refused);
  add("second", role::super_admin);
  EXPECT_TRUE(users.remove("root"));
  EXPECT_EQ(users.remove("second").error().code, errc::refused);
  EXPECT_TRUE(users.remove("bob"));
}

TEST_F(user_store_test, a_removed_user_leaves_no_token_login_or_grant) {
  const user bob = add("bob");
  token_store tokens(db);
  login_store logins(db);
  const std::string token = tokens.create("bob", "ci", std::nullopt, now)->text;
  const std::string cookie =
      logins.create(bob.id, "hash of bob", std::chrono::hours(1), now)->cookie;
  ASSERT_TRUE(users.grant("bob", app("shop")));
  ASSERT_TRUE(users.remove("bob"));
  EXPECT_FALSE(*tokens.authenticate(token, now));
  EXPECT_FALSE(*logins.authenticate(cookie, now));
  EXPECT_TRUE(tokens.list()->empty());
  add("bob");
  EXPECT_TRUE(users.list()->front().granted_apps.empty());
}

TEST_F(user_store_test, a_role_is_changed_but_not_that_of_the_last_super_admin) {
  const user root = add("root", protocol::role::super_admin);
  const user bob = add("bob");
  EXPECT_EQ(users.set_role("root", protocol::role::viewer).error().code, errc::refused);
  EXPECT_TRUE(users.set_role("root", protocol::role::super_admin));
  ASSERT_TRUE(users.set_role("BOB", protocol::role::super_admin));
  EXPECT_TRUE(users.set_role(root.id, protocol::role::manage));
  EXPECT_EQ((*users.find("root"))->who.role, protocol::role::manage);
  EXPECT_EQ((*users.find(bob.id))->who.role, protocol::role::super_admin);
  EXPECT_EQ(users.set_role("carl", protocol::role::viewer).error().code, errc::not_found);
  EXPECT_EQ(users.set_role(std::int64_t{77}, protocol::role::viewer).error().code, errc::not_found);
}

TEST_F(user_store_test, a_new_password_ends_all_logins_of_its_user_and_no_token) {
  const user ada = add("ada");
  const user bob = add("bob");
  login_store logins(db);
  token_store tokens(db);
  const auto life = std::chrono::hours(1);
  const std::string first = logins.create(ada.id, "hash of ada", life, now)->cookie;
  const std::string other = logins.create(bob.id, "hash of bob", life, now)->cookie;
  const std::string token = tokens.create("ada", "ci", std::nullopt, now)->text;
  ASSERT_TRUE(users.set_password("Ada", "new hash"));
  EXPECT_EQ((*users.find("ada"))->password_hash, "new hash");
  EXPECT_FALSE(*logins.authenticate(first, now));
  EXPECT_TRUE(*logins.authenticate(other, now));
  EXPECT_TRUE(*tokens.authenticate(token, now));
  EXPECT_EQ(users.set_password("carl", "x").error().code, errc::not_found);
}

TEST_F(user_store_test, of_two_changes_of_a_password_at_once_one_counts) {
  const user ada = add("ada");
  EXPECT_TRUE(users.set_password(ada.id, "first", "hash of ada"));
  EXPECT_EQ(users.set_password(ada.id, "second", "hash of ada").error().code, errc::refused);
  EXPECT_EQ((*users.find("ada"))->password_hash, "first");
}

}  // namespace
}  // namespace spillway::store
