#include "app/account_service.hpp"

#include <gtest/gtest.h>

#include "app/identity_service.hpp"
#include "store/database.hpp"
#include "support/temp_dir.hpp"

namespace spillway::app {
namespace {

using protocol::role;

class account_service_test : public testing::Test {
 protected:
  template <class Value>
  static unsigned status(const net::result<Value>& outcome) {
    return outcome ? 200 : outcome.error().status;
  }
  static protocol::slug app(const char* name) { return *protocol::slug::parse(name); }
  std::int64_t add(const std::string& name, role r = role::viewer) {
    return users.add(name, r, "a hash", time)->id;
  }

  const test::temp_dir dir;
  const std::shared_ptr<store::database> db = *store::database::open(dir.path());
  store::user_store users{db};
  const protocol::timestamp time{std::chrono::seconds{1'790'000'000}};
  account_service service{db, [this] { return time; }};
};

TEST_F(account_service_test, makes_a_user_who_can_log_in) {
  const auto made = service.create("ada", "secret-123", role::manage);
  ASSERT_TRUE(made);
  EXPECT_EQ(made->username, "ada");
  EXPECT_EQ(made->granted_role, role::manage);
  EXPECT_EQ(made->created_at, protocol::format_rfc3339_milli(time));
  identity_service logins(db, std::chrono::hours(1), [this] { return time; });
  EXPECT_TRUE(logins.log_in("ada", "secret-123"));
  EXPECT_EQ(status(service.create("ADA", "secret-123", role::viewer)), 409u);
}

TEST_F(account_service_test, refuses_a_name_or_password_that_cannot_be_one) {
  for (const std::string& name :
       {std::string(), std::string("a b"), std::string("a\nb"), std::string("a\x1b[31m"),
        std::string("a\0b", 3), std::string("\xc3\xa9"), std::string(65, 'a')})
    EXPECT_EQ(status(service.create(name, "secret-123", role::viewer)), 400u) << name;
  EXPECT_EQ(status(service.create("ada", "short", role::viewer)), 400u);
  EXPECT_EQ(status(service.create("ada", std::string(1'025, 'a'), role::viewer)), 400u);
  EXPECT_TRUE(service.list()->empty());
}

TEST_F(account_service_test, grants_and_revokes) {
  const auto ada = add("ada");
  EXPECT_TRUE(service.grant(ada, app("shop")));
  EXPECT_TRUE(service.grant(ada, app("shop")));
  EXPECT_EQ(service.find(ada)->apps, std::set<std::string>{"shop"});
  EXPECT_TRUE(service.revoke(ada, app("shop")));
  EXPECT_EQ(status(service.revoke(ada, app("shop"))), 404u);
  EXPECT_TRUE(service.find(ada)->apps.empty());
}

TEST_F(account_service_test, keeps_the_last_super_admin) {
  const auto root = add("root", role::super_admin);
  EXPECT_EQ(status(service.remove(root)), 409u);
  EXPECT_EQ(status(service.set_role(root, role::viewer)), 409u);
  const auto other = add("other");
  EXPECT_TRUE(service.set_role(other, role::super_admin));
  EXPECT_TRUE(service.remove(root));
  EXPECT_EQ(service.list()->size(), 1u);
}

TEST_F(account_service_test, knows_nobody_of_another_id) {
  EXPECT_EQ(status(service.find(7)), 404u);
  EXPECT_EQ(status(service.remove(7)), 404u);
  EXPECT_EQ(status(service.set_role(7, role::viewer)), 404u);
  EXPECT_EQ(status(service.set_password(7, "secret-123")), 404u);
  EXPECT_EQ(status(service.grant(7, app("shop"))), 404u);
  EXPECT_EQ(status(service.revoke(7, app("shop"))), 404u);
}

}  // namespace
}  // namespace spillway::app
