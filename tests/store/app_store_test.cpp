#include "store/app_store.hpp"

#include "store/users_fixture.hpp"

namespace spillway::store {
namespace {

class app_store_test : public users_fixture {
 protected:
  app_store apps{db};
};

TEST_F(app_store_test, apps_are_listed_sorted_as_recorded_last) {
  ASSERT_TRUE(apps.put(app("shop"), "p-shop", now));
  ASSERT_TRUE(apps.put(app("blog"), "p-blog", now));
  ASSERT_TRUE(apps.put(app("shop"), "q-shop", now + std::chrono::hours(1)));
  const auto list = *apps.list();
  ASSERT_EQ(list.size(), 2u);
  EXPECT_EQ(list[0].slug, "blog");
  EXPECT_EQ(list[1].project, "q-shop");
  EXPECT_EQ(list[1].deployed_at, now + std::chrono::hours(1));
  EXPECT_TRUE(*apps.exists(app("shop")));
  EXPECT_FALSE(*apps.exists(app("Shop")));
}

TEST_F(app_store_test, a_project_belongs_to_one_app) {
  ASSERT_TRUE(apps.put(app("my.shop"), "p-my-shop", now));
  const auto second = apps.put(app("my-shop"), "p-my-shop", now);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, errc::exists);
  EXPECT_FALSE(*apps.exists(app("my-shop")));
}

TEST_F(app_store_test, a_removed_app_takes_its_grants_along) {
  add("ada");
  ASSERT_TRUE(apps.put(app("shop"), "p-shop", now));
  ASSERT_TRUE(users.grant("ada", app("shop")));
  ASSERT_TRUE(users.grant("ada", app("blog")));
  ASSERT_TRUE(apps.remove(app("shop")));
  EXPECT_FALSE(*apps.exists(app("shop")));
  EXPECT_EQ(users.list()->front().granted_apps, std::set<std::string>{"blog"});
}

TEST_F(app_store_test, a_forgotten_put_leaves_grants_alone) {
  add("ada");
  ASSERT_TRUE(users.grant("ada", app("shop")));
  ASSERT_TRUE(apps.put(app("shop"), "p-shop", now));
  ASSERT_TRUE(apps.forget(app("shop")));
  EXPECT_FALSE(*apps.exists(app("shop")));
  EXPECT_EQ(users.list()->front().granted_apps, std::set<std::string>{"shop"});
}

}  // namespace
}  // namespace spillway::store
