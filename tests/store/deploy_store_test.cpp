#include "store/deploy_store.hpp"

#include "store/users_fixture.hpp"

namespace spillway::store {
namespace {

class deploy_store_test : public users_fixture {
 protected:
  actors::deploy_record record(const std::string& id, std::chrono::seconds after = {}) {
    return {id, "shop", "deploy", "running", 0, "ada", now + after, {}};
  }
  deploy_store deploys{db};
};

TEST_F(deploy_store_test, a_deploy_is_found_as_recorded) {
  ASSERT_TRUE(deploys.begin(record("d1")));
  auto found = *deploys.find("shop", "d1");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->status, "running");
  EXPECT_EQ(found->user, "ada");
  EXPECT_EQ(found->started_at, now);

  auto ended = record("d1");
  ended.status = "failed";
  ended.exit_code = 17;
  ended.finished_at = now + std::chrono::nanoseconds(1'234'567'891);
  ASSERT_TRUE(deploys.finish(ended));
  found = *deploys.find("shop", "d1");
  EXPECT_EQ(found->status, "failed");
  EXPECT_EQ(found->exit_code, 17);
  EXPECT_EQ(found->finished_at, ended.finished_at);
}

TEST_F(deploy_store_test, a_deploy_belongs_to_its_app) {
  ASSERT_TRUE(deploys.begin(record("d1")));
  EXPECT_FALSE(*deploys.find("blog", "d1"));
  EXPECT_FALSE(*deploys.find("shop", "d2"));
}

TEST_F(deploy_store_test, the_list_is_newest_first_and_bounded) {
  for (int i = 0; i < 5; ++i)
    ASSERT_TRUE(deploys.begin(record("d" + std::to_string(i), std::chrono::seconds(i))));
  const auto list = *deploys.list("shop", 3);
  ASSERT_EQ(list.size(), 3u);
  EXPECT_EQ(list[0].id, "d4");
  EXPECT_EQ(list[2].id, "d2");
  EXPECT_TRUE(deploys.list("blog", 3)->empty());
}

TEST_F(deploy_store_test, an_id_is_used_once) {
  ASSERT_TRUE(deploys.begin(record("d1")));
  EXPECT_EQ(deploys.begin(record("d1")).error().code, errc::exists);
}

TEST_F(deploy_store_test, what_has_not_begun_cannot_finish) {
  auto ended = record("d1");
  ended.status = "success";
  EXPECT_EQ(deploys.finish(ended).error().code, errc::not_found);
}

TEST_F(deploy_store_test, those_that_run_are_found_until_they_finish) {
  ASSERT_TRUE(deploys.begin(record("d1")));
  ASSERT_TRUE(deploys.begin(record("d2")));
  auto ended = record("d1");
  ended.status = "cancelled";
  ASSERT_TRUE(deploys.finish(ended));
  const auto running = *deploys.running();
  ASSERT_EQ(running.size(), 1u);
  EXPECT_EQ(running[0].id, "d2");
}

}  // namespace
}  // namespace spillway::store
