#include "store/version_store.hpp"

#include "store/users_fixture.hpp"

namespace spillway::store {
namespace {

using namespace std::chrono_literals;

class version_store_test : public users_fixture {
 protected:
  std::optional<std::int64_t> add(const std::string& compose, const std::string& owner = "shop",
                                  std::size_t keep = 100) {
    const auto id = *versions.add(owner, compose, "ada", now);
    EXPECT_TRUE(versions.forget_oldest(owner, keep));
    return id;
  }
  std::vector<std::string> texts(const std::string& owner = "shop") {
    std::vector<std::string> found;
    const auto all = versions.list(owner);
    for (const auto& each : *all) found.push_back((*versions.find(owner, each.id))->second);
    return found;
  }

  version_store versions{db};
};

using texts_of = std::vector<std::string>;

TEST_F(version_store_test, lists_the_newest_first_with_who_and_when) {
  ASSERT_TRUE(add("one"));
  ASSERT_TRUE(*versions.add("shop", "the second", "", now + 5s));
  const auto list = *versions.list("shop");
  ASSERT_EQ(list.size(), 2u);
  EXPECT_GT(list[0].id, list[1].id);
  EXPECT_EQ(list[0].bytes, 10u);
  EXPECT_EQ(list[0].user, "");
  EXPECT_EQ(list[0].created_at, now + 5s);
  EXPECT_EQ(list[1].user, "ada");
  EXPECT_EQ(texts(), (texts_of{"the second", "one"}));
}

TEST_F(version_store_test, keeps_every_byte) {
  std::string text;
  for (int i = 0; i < 1'000; ++i) text.push_back(static_cast<char>(i));
  const auto id = add(text);
  EXPECT_EQ((*versions.find("shop", *id))->second, text);
  EXPECT_EQ((*versions.find("shop", *id))->first.bytes, 1'000u);
  EXPECT_TRUE(add(""));
}

TEST_F(version_store_test, does_not_add_the_newest_again) {
  ASSERT_TRUE(add("one"));
  EXPECT_FALSE(add("one"));
  ASSERT_TRUE(add("two"));
  EXPECT_TRUE(add("one"));
  EXPECT_EQ(texts(), (texts_of{"one", "two", "one"}));
}

TEST_F(version_store_test, forgets_an_app_s_oldest_and_no_other_s) {
  add("theirs", "blog");
  for (const char* text : {"1", "2", "3", "4"}) add(text, "shop", 3);
  EXPECT_EQ(texts(), (texts_of{"4", "3", "2"}));
  EXPECT_EQ(texts("blog"), texts_of{"theirs"});
}

TEST_F(version_store_test, finds_a_version_of_this_app_alone) {
  const auto id = add("one");
  EXPECT_FALSE(*versions.find("blog", *id));
  EXPECT_FALSE(*versions.find("shop", *id + 1));
}

TEST_F(version_store_test, never_gives_an_id_twice) {
  const auto first = add("one");
  ASSERT_TRUE(versions.remove(*first));
  EXPECT_GT(*add("one"), *first);
}

TEST_F(version_store_test, knows_the_newest_by_its_text) {
  const auto first = add("one");
  EXPECT_EQ(*versions.newest_if("shop", "one"), first);
  add("two");
  EXPECT_EQ(*versions.newest_if("shop", "one"), std::nullopt);
  EXPECT_EQ(*versions.newest_if("blog", "two"), std::nullopt);
}

TEST_F(version_store_test, forgets_all_of_an_app) {
  add("one");
  add("theirs", "blog");
  ASSERT_TRUE(versions.forget("shop"));
  EXPECT_EQ(texts(), texts_of{});
  EXPECT_EQ(texts("blog"), texts_of{"theirs"});
}

}  // namespace
}  // namespace spillway::store
