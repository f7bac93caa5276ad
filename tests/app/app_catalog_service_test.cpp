#include "app/app_catalog_service.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <future>

#include "store/app_store.hpp"
#include "store/database.hpp"
#include "store/deploy_store.hpp"
#include "store/transcript_archive.hpp"
#include "store/user_store.hpp"
#include "support/temp_dir.hpp"

namespace spillway::app {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view good_compose = "services:\n  web:\n    image: nginx\n";

class app_catalog_service_test : public testing::Test {
 protected:
  static protocol::slug slug(const std::string& text) { return *protocol::slug::parse(text); }
  static config::settings settings_for(const fs::path& apps_dir) {
    config::settings settings;
    settings.apps_dir = apps_dir;
    return settings;
  }
  std::vector<std::string> listed() {
    std::vector<std::string> texts;
    const auto apps = catalog.list();
    if (!apps) return {"error: " + apps.error().message};
    for (const auto& app : *apps) texts.push_back(app.text());
    return texts;
  }
  /// 200 or the status of the failure.
  unsigned put(const std::string& app, bool replace = false,
               std::string_view compose = good_compose) {
    const auto outcome = catalog.put(slug(app), compose, replace, "ann");
    if (!outcome) last_message = outcome.error().message;
    return outcome ? 200 : outcome.error().status;
  }
  unsigned remove(const std::string& app) {
    const auto outcome = catalog.remove(slug(app));
    return outcome ? 200 : outcome.error().status;
  }

  const test::temp_dir dir;
  const fs::path apps_dir = dir / "apps";
  const std::shared_ptr<store::database> db = *store::database::open(dir / "data");
  protocol::timestamp now{std::chrono::seconds{1'790'000'000}};
  app_catalog_service catalog{db, settings_for(apps_dir), [this] { return now; }};
  std::string last_message;
};

using names = std::vector<std::string>;

TEST_F(app_catalog_service_test, without_an_apps_directory_there_are_no_apps) {
  EXPECT_EQ(listed(), names{});
  EXPECT_EQ(catalog.exists(slug("shop")), false);
}

TEST_F(app_catalog_service_test, apps_are_folders_with_a_compose_file_and_what_was_deployed) {
  test::write_file(apps_dir / "zoo/docker-compose.yml", good_compose);
  ASSERT_EQ(put("blog"), 200u);
  ASSERT_EQ(put("shop"), 200u);
  fs::remove_all(apps_dir / "shop");
  EXPECT_EQ(listed(), (names{"blog", "shop", "zoo"}));
  EXPECT_EQ(catalog.exists(slug("zoo")), true);
  EXPECT_EQ(catalog.exists(slug("shop")), true);
}

TEST_F(app_catalog_service_test, what_is_no_app_is_not_listed) {
  test::write_file(apps_dir / "a file", "");
  test::write_file(apps_dir / "docker-compose.yml", good_compose);
  test::write_file(apps_dir / "bad name/docker-compose.yml", good_compose);
  test::write_file(apps_dir / ".hidden/docker-compose.yml", good_compose);
  fs::create_directories(apps_dir / "empty");
  fs::create_directories(apps_dir / "folder/docker-compose.yml");
  test::write_file(dir / "elsewhere/docker-compose.yml", good_compose);
  fs::create_directory_symlink(dir / "elsewhere", apps_dir / "linked");
  fs::create_directories(apps_dir / "file-linked");
  fs::create_symlink(dir / "elsewhere/docker-compose.yml",
                     apps_dir / "file-linked/docker-compose.yml");
  EXPECT_EQ(listed(), names{});
  EXPECT_EQ(catalog.exists(slug("linked")), false);
  EXPECT_EQ(catalog.exists(slug("empty")), false);
}

TEST_F(app_catalog_service_test, an_apps_directory_that_cannot_be_read_is_a_failure) {
  test::write_file(apps_dir, "a file in the way");
  EXPECT_EQ(catalog.list().error().status, 500u);
  EXPECT_EQ(put("shop"), 500u);
  fs::remove(apps_dir);
  EXPECT_EQ(catalog.exists(slug("shop")), false);  // and the failed put left no record
}

TEST_F(app_catalog_service_test, a_compose_file_is_written_for_its_owner_and_group) {
  ASSERT_EQ(put("shop"), 200u);
  const fs::path file = catalog.compose_file(slug("shop"));
  EXPECT_EQ(file, apps_dir / "shop/docker-compose.yml");
  EXPECT_EQ(test::read_file(file), good_compose);
  struct stat found {};
  ASSERT_EQ(::stat(file.c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777, 0640u);
}

TEST_F(app_catalog_service_test, an_app_that_exists_is_replaced_only_when_asked) {
  ASSERT_EQ(put("shop"), 200u);
  const std::string other = "services: {db: {image: postgres}}\n";
  EXPECT_EQ(put("shop", false, other), 409u);
  EXPECT_NE(last_message.find("force"), std::string::npos);
  EXPECT_EQ(test::read_file(catalog.compose_file(slug("shop"))), good_compose);
  EXPECT_EQ(put("shop", true, other), 200u);
  EXPECT_EQ(test::read_file(catalog.compose_file(slug("shop"))), other);
  EXPECT_EQ(std::distance(fs::directory_iterator(apps_dir / "shop"), {}), 1);
}

TEST_F(app_catalog_service_test, a_bad_compose_file_is_refused_and_the_old_one_stays) {
  ASSERT_EQ(put("shop"), 200u);
  EXPECT_EQ(put("shop", true, "services: {}\n"), 400u);
  EXPECT_NE(last_message.find("services"), std::string::npos);
  EXPECT_EQ(test::read_file(catalog.compose_file(slug("shop"))), good_compose);
  EXPECT_EQ(put("blog", false, "a: [\n"), 400u);
  EXPECT_FALSE(fs::exists(apps_dir / "blog"));
}

TEST_F(app_catalog_service_test, a_reader_never_meets_half_a_file) {
  ASSERT_EQ(put("shop"), 200u);
  struct stat before {};
  struct stat after {};
  const fs::path file = catalog.compose_file(slug("shop"));
  ASSERT_EQ(::stat(file.c_str(), &before), 0);
  std::ifstream reader(file);  // keeps the old inode, which a rewrite in place would change
  ASSERT_EQ(put("shop", true, "services: {db: {image: postgres}}\n"), 200u);
  ASSERT_EQ(::stat(file.c_str(), &after), 0);
  EXPECT_NE(before.st_ino, after.st_ino);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(reader), {}), good_compose);
}

TEST_F(app_catalog_service_test, what_a_crash_left_does_not_stand_in_the_way) {
  test::write_file(apps_dir / "shop/.docker-compose.yml.new", "half a fi");
  EXPECT_EQ(catalog.exists(slug("shop")), false);
  EXPECT_EQ(put("shop"), 200u);
  EXPECT_EQ(test::read_file(catalog.compose_file(slug("shop"))), good_compose);
  EXPECT_FALSE(fs::exists(apps_dir / "shop/.docker-compose.yml.new"));
}

constexpr std::string_view other_compose = "services: {db: {image: postgres}}\n";

TEST_F(app_catalog_service_test, each_compose_file_stays_among_the_versions) {
  ASSERT_EQ(put("shop"), 200u);
  now += std::chrono::hours(1);
  ASSERT_EQ(put("shop", true, other_compose), 200u);
  const auto list = *catalog.versions(slug("shop"));
  ASSERT_EQ(list.size(), 2u);
  EXPECT_EQ(list[0].created_at, protocol::format_rfc3339_milli(now));
  EXPECT_EQ(list[0].user, "ann");
  EXPECT_EQ(list[0].bytes, other_compose.size());
  EXPECT_TRUE(list[0].current);
  EXPECT_FALSE(list[1].current);
  const auto first = *catalog.version(slug("shop"), list[1].id);
  EXPECT_EQ(first.second, good_compose);
  EXPECT_FALSE(first.first.current);
  EXPECT_TRUE(catalog.version(slug("shop"), list[0].id)->first.current);
  EXPECT_EQ(catalog.version(slug("shop"), 99).error().status, 404u);
  EXPECT_EQ(catalog.version(slug("blog"), list[0].id).error().status, 404u);
}

TEST_F(app_catalog_service_test, the_same_compose_file_again_is_no_new_version) {
  for (int i = 0; i < 30; ++i) ASSERT_EQ(put("shop", true), 200u);
  EXPECT_EQ(catalog.versions(slug("shop"))->size(), 1u);
}

TEST_F(app_catalog_service_test, a_file_that_was_changed_by_hand_becomes_a_version) {
  ASSERT_EQ(put("shop"), 200u);
  test::write_file(apps_dir / "shop/docker-compose.yml", "services: {by: {image: hand}}\n");
  const auto found = *catalog.versions(slug("shop"));
  ASSERT_EQ(found.size(), 1u) << "to look at them changes nothing";
  EXPECT_FALSE(found[0].current);
  ASSERT_EQ(put("shop", true, other_compose), 200u);
  const auto list = *catalog.versions(slug("shop"));
  ASSERT_EQ(list.size(), 3u);
  EXPECT_EQ(list[1].user, "");
  EXPECT_NE(list[1].created_at, protocol::format_rfc3339_milli(now)) << "when it was written";
  EXPECT_EQ(catalog.version(slug("shop"), list[1].id)->second, "services: {by: {image: hand}}\n");
}

TEST_F(app_catalog_service_test, what_a_removal_that_was_cut_short_left_is_not_the_next_app_s) {
  ASSERT_EQ(put("shop"), 200u);
  const auto id = catalog.versions(slug("shop"))->front().id;
  store::deploy_store deploys(db);
  ASSERT_TRUE(deploys.begin({"d1", "shop", "deploy", "running", 0, "ann", now, {}}));
  fs::remove_all(apps_dir / "shop");
  ASSERT_TRUE(store::app_store(db).remove(slug("shop")));
  ASSERT_EQ(put("shop", false, other_compose), 200u);
  EXPECT_EQ(catalog.version(slug("shop"), id).error().status, 404u);
  EXPECT_EQ(catalog.versions(slug("shop"))->size(), 1u);
  EXPECT_EQ(catalog.deploys(slug("shop"))->size(), 0u);
}

TEST_F(app_catalog_service_test, a_write_that_failed_costs_no_version) {
  auto settings = settings_for(apps_dir);
  settings.deploy.versions = 2;
  app_catalog_service keeps_two(db, settings, [this] { return now; });
  const auto write = [&](const std::string& image) {
    return keeps_two.put(slug("shop"), "services: {web: {image: " + image + "}}\n", true, "ann");
  };
  ASSERT_TRUE(write("one"));
  ASSERT_TRUE(write("two"));
  test::write_file(apps_dir / "shop/.docker-compose.yml.new/x", "in the way");
  EXPECT_FALSE(write("three"));
  EXPECT_EQ(keeps_two.versions(slug("shop"))->size(), 2u);
  fs::remove_all(apps_dir / "shop/.docker-compose.yml.new");
  ASSERT_TRUE(write("three"));
  EXPECT_EQ(keeps_two.versions(slug("shop"))->size(), 2u);
}

TEST_F(app_catalog_service_test, what_cannot_be_read_can_be_replaced_all_the_same) {
  fs::create_directories(apps_dir / "shop");
  const fs::path file = catalog.compose_file(slug("shop"));
  sockaddr_un address{AF_UNIX, {}};
  file.native().copy(address.sun_path, sizeof address.sun_path - 1);
  const int socket = ::socket(AF_UNIX, SOCK_STREAM, 0);
  ASSERT_EQ(::bind(socket, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  ::close(socket);
  EXPECT_EQ(catalog.versions(slug("shop"))->size(), 0u);
  EXPECT_EQ(put("shop", true), 200u);
  EXPECT_EQ(test::read_file(file), good_compose);
}

TEST_F(app_catalog_service_test, going_back_writes_the_old_file_as_the_newest_version) {
  ASSERT_EQ(put("shop"), 200u);
  ASSERT_EQ(put("shop", true, other_compose), 200u);
  const auto before = *catalog.versions(slug("shop"));
  ASSERT_TRUE(catalog.roll_back(slug("shop"), before[1].id, "bob"));
  EXPECT_EQ(test::read_file(catalog.compose_file(slug("shop"))), good_compose);
  const auto after = *catalog.versions(slug("shop"));
  ASSERT_EQ(after.size(), 3u);
  EXPECT_EQ(after[0].user, "bob");
  EXPECT_TRUE(after[0].current);
  EXPECT_EQ(catalog.roll_back(slug("shop"), 99, "bob").error().status, 404u);
  EXPECT_EQ(catalog.roll_back(slug("blog"), after[0].id, "bob").error().status, 404u);
  EXPECT_EQ(test::read_file(catalog.compose_file(slug("shop"))), good_compose);
}

TEST_F(app_catalog_service_test, a_file_that_could_not_be_written_is_no_version) {
  ASSERT_EQ(put("shop"), 200u);
  fs::create_directory(apps_dir / "shop/.docker-compose.yml.new");
  test::write_file(apps_dir / "shop/.docker-compose.yml.new/x", "in the way");
  EXPECT_EQ(put("shop", true, other_compose), 500u);
  const auto list = *catalog.versions(slug("shop"));
  ASSERT_EQ(list.size(), 1u);
  EXPECT_TRUE(list[0].current);
  EXPECT_EQ(test::read_file(catalog.compose_file(slug("shop"))), good_compose);
}

TEST_F(app_catalog_service_test, versions_go_with_their_app) {
  ASSERT_EQ(put("shop"), 200u);
  const auto id = catalog.versions(slug("shop"))->front().id;
  ASSERT_EQ(remove("shop"), 200u);
  EXPECT_EQ(catalog.versions(slug("shop"))->size(), 0u);
  ASSERT_EQ(put("shop", false, other_compose), 200u);
  EXPECT_EQ(catalog.version(slug("shop"), id).error().status, 404u);
}

TEST_F(app_catalog_service_test, a_link_or_a_giant_in_place_of_a_compose_file_is_no_version) {
  test::write_file(dir / "secret", "root:x");
  fs::create_directories(apps_dir / "shop");
  fs::create_symlink(dir / "secret", apps_dir / "shop/docker-compose.yml");
  EXPECT_EQ(catalog.versions(slug("shop"))->size(), 0u);
  fs::remove(apps_dir / "shop/docker-compose.yml");
  test::write_file(apps_dir / "shop/docker-compose.yml", std::string((1 << 20) + 1, 'x'));
  EXPECT_EQ(catalog.versions(slug("shop"))->size(), 0u);
  EXPECT_EQ(put("shop", true), 200u);
  EXPECT_EQ(catalog.versions(slug("shop"))->size(), 1u);
}

TEST_F(app_catalog_service_test, a_second_app_with_the_same_project_is_refused) {
  ASSERT_EQ(catalog.project(slug("my.shop")), catalog.project(slug("My-Shop")));
  ASSERT_EQ(put("my.shop"), 200u);
  EXPECT_EQ(put("My-Shop"), 409u);
  EXPECT_EQ(last_message.find("my.shop"), std::string::npos) << last_message;
  EXPECT_NE(last_message.find("another app already uses the compose project"), std::string::npos);
  EXPECT_EQ(put("My-Shop", true), 409u);
  EXPECT_EQ(listed(), names{"my.shop"});
}

TEST_F(app_catalog_service_test, a_folder_that_was_never_deployed_here_has_its_project_too) {
  test::write_file(apps_dir / "my.shop/docker-compose.yml", good_compose);
  EXPECT_EQ(put("my-shop"), 409u);
  EXPECT_EQ(put("my.shop", true), 200u);
}

TEST_F(app_catalog_service_test, folders_that_share_a_project_are_all_hidden) {
  for (const char* name : {"my.shop", "my-shop", "Blog", "blog", "zoo"})
    test::write_file(apps_dir / name / "docker-compose.yml", good_compose);
  fs::create_directories(apps_dir / "Zoo");  // no app
  EXPECT_EQ(listed(), names{"zoo"});
  for (const char* name : {"my.shop", "my-shop", "Blog", "blog"})
    EXPECT_EQ(catalog.exists(slug(name)), false) << name;
  EXPECT_EQ(catalog.exists(slug("zoo")), true);
  EXPECT_EQ(put("my.shop", true), 409u);
  EXPECT_EQ(remove("my.shop"), 404u);
}

TEST_F(app_catalog_service_test, a_folder_beside_a_deployed_app_of_its_project_hides_both) {
  ASSERT_EQ(put("my.shop"), 200u);
  EXPECT_EQ(catalog.exists(slug("my.shop")), true);
  test::write_file(apps_dir / "my-shop/docker-compose.yml", good_compose);
  now += std::chrono::seconds(1);
  EXPECT_EQ(catalog.exists(slug("my.shop")), false);
  EXPECT_EQ(catalog.exists(slug("my-shop")), false);
  EXPECT_EQ(listed(), names{});
  fs::remove_all(apps_dir / "my-shop");
  now += std::chrono::seconds(1);
  EXPECT_EQ(catalog.exists(slug("my.shop")), true);
  EXPECT_EQ(listed(), names{"my.shop"});
}

TEST_F(app_catalog_service_test, a_clock_that_is_set_back_does_not_keep_apps_hidden) {
  for (const char* name : {"my.shop", "my-shop"})
    test::write_file(apps_dir / name / "docker-compose.yml", good_compose);
  EXPECT_EQ(catalog.exists(slug("my.shop")), false);
  fs::remove_all(apps_dir / "my-shop");
  now -= std::chrono::hours(1);
  EXPECT_EQ(catalog.exists(slug("my.shop")), true);
}

TEST_F(app_catalog_service_test, of_two_new_apps_with_one_project_one_is_made) {
  auto other = std::async(std::launch::async, [&] {
    return catalog.put(slug("my.shop"), good_compose, false, "ann").has_value();
  });
  const bool mine = put("my-shop") == 200u;
  EXPECT_NE(mine, other.get());
  EXPECT_EQ(listed().size(), 1u);
}

TEST_F(app_catalog_service_test, a_link_in_place_of_the_folder_is_not_followed) {
  fs::create_directories(dir / "elsewhere");
  fs::create_directories(apps_dir);
  fs::create_directory_symlink(dir / "elsewhere", apps_dir / "shop");
  EXPECT_EQ(put("shop"), 409u);
  EXPECT_EQ(put("shop", true), 409u);
  EXPECT_TRUE(fs::is_empty(dir / "elsewhere"));
  EXPECT_EQ(listed(), names{});
}

TEST_F(app_catalog_service_test, a_link_in_place_of_the_file_is_replaced_not_followed) {
  test::write_file(dir / "victim", "keep me");
  fs::create_directories(apps_dir / "shop");
  for (const char* name : {"docker-compose.yml", ".docker-compose.yml.new"})
    fs::create_symlink(dir / "victim", apps_dir / "shop" / name);
  EXPECT_EQ(put("shop"), 200u);
  EXPECT_EQ(test::read_file(dir / "victim"), "keep me");
  EXPECT_TRUE(fs::is_regular_file(fs::symlink_status(catalog.compose_file(slug("shop")))));
}

TEST_F(app_catalog_service_test, names_that_lead_out_of_the_directory_are_no_slugs) {
  for (const char* text : {"..", ".", "", "a/b", "../x", "a\\b", "%2e%2e", ".git"})
    EXPECT_FALSE(protocol::slug::parse(text)) << text;
}

TEST_F(app_catalog_service_test, a_removed_app_is_gone_with_its_grants) {
  store::user_store users(db);
  ASSERT_TRUE(users.add("ada", protocol::role::viewer, "x", now));
  ASSERT_TRUE(users.grant("ada", slug("shop")));
  ASSERT_EQ(put("shop"), 200u);
  EXPECT_EQ(remove("shop"), 200u);
  EXPECT_FALSE(fs::exists(apps_dir / "shop"));
  EXPECT_EQ(listed(), names{});
  EXPECT_TRUE(users.list()->front().granted_apps.empty());
  EXPECT_EQ(remove("shop"), 404u);
}

TEST_F(app_catalog_service_test, a_later_app_of_a_removed_ones_name_has_none_of_its_deploys) {
  ASSERT_EQ(put("shop"), 200u);
  store::deploy_store deploys(db);
  ASSERT_TRUE(deploys.begin({"d1", "shop", "deploy", "running", 0, "ada", now, {}}));
  store::transcript_archive transcripts(dir / "data");
  ASSERT_TRUE(transcripts.create("shop", "d1"));
  EXPECT_EQ(remove("shop"), 200u);
  ASSERT_EQ(put("shop"), 200u);
  EXPECT_TRUE(catalog.deploys(slug("shop"))->empty());
  EXPECT_FALSE(transcripts.open_for_reading("shop", "d1"));
}

TEST_F(app_catalog_service_test, removing_an_app_leaves_other_files_of_its_folder) {
  ASSERT_EQ(put("shop"), 200u);
  test::write_file(apps_dir / "shop/.env", "A=1");
  EXPECT_EQ(remove("shop"), 200u);
  EXPECT_TRUE(fs::exists(apps_dir / "shop/.env"));
  EXPECT_FALSE(fs::exists(apps_dir / "shop/docker-compose.yml"));
  EXPECT_EQ(listed(), names{});
}

TEST_F(app_catalog_service_test, removing_an_app_follows_no_link) {
  ASSERT_EQ(put("shop"), 200u);
  fs::remove_all(apps_dir / "shop");
  test::write_file(dir / "elsewhere/docker-compose.yml", "keep me");
  fs::create_directory_symlink(dir / "elsewhere", apps_dir / "shop");
  EXPECT_EQ(remove("shop"), 200u);
  EXPECT_EQ(test::read_file(dir / "elsewhere/docker-compose.yml"), "keep me");
}

TEST_F(app_catalog_service_test, deploys_and_their_transcripts_are_the_app_s_own) {
  store::deploy_store deploys(db);
  const store::transcript_archive transcripts(dir / "data");
  for (const char* id : {"d1", "d2"}) {
    ASSERT_TRUE(deploys.begin(
        {id, "shop", "deploy", "running", 0, "ada", now + std::chrono::seconds(id[1]), {}}));
  }
  auto file = *transcripts.create("shop", "d1");
  std::string frames;
  for (int i = 0; i < 30'000; ++i)
    frames += "{\"a line of some length\":" + std::to_string(i) + "}\n";
  ASSERT_TRUE(file.append(frames));

  const auto listed_deploys = catalog.deploys(slug("shop"));
  ASSERT_EQ(listed_deploys->size(), 2u);
  EXPECT_EQ(listed_deploys->front().id, "d2");
  EXPECT_TRUE(catalog.deploys(slug("blog"))->empty());
  EXPECT_EQ(catalog.transcript(slug("shop"), "d1"), frames);
  EXPECT_EQ(catalog.transcript(slug("shop"), "d2").error().status, 404u);
  EXPECT_EQ(catalog.transcript(slug("shop"), "d3").error().message, "deploy not found");
  EXPECT_EQ(catalog.transcript(slug("blog"), "d1").error().message, "deploy not found");
  EXPECT_EQ(catalog.transcript(slug("shop"), "../../spillway").error().status, 404u);
}

}  // namespace
}  // namespace spillway::app
