// Streams end with the access that opened them, and are audited from beginning to end.
#include "actor_test.hpp"
#include "log_samples.hpp"

namespace spillway::actors::testing {
namespace {

using namespace std::chrono_literals;
using protocol::role;

constexpr const char* process_log_stream = "/api/system/process-logs/stream";
constexpr const char* deploys_of_shop = "/api/apps/shop/deploy-logs";

class StreamAccess : public ::testing::Test {
 protected:
  /// Streams opened from now on are this user's, by this token or login.
  void come(const std::string& user, const std::string& credential, std::uint64_t version,
            std::optional<protocol::timestamp> valid_until = std::nullopt) {
    world.from = {{user, role::super_admin, credential, {}, valid_until, version},
                  boost::asio::ip::make_address("192.0.2.7")};
  }
  std::vector<held_access_ptr> to_check(std::uint64_t version) {
    std::vector<held_access_ptr> got;
    caf::anon_send(
        world.root,
        access_to_check{version, world.wall, {[&](auto held) { got = std::move(held); }, {}}});
    world.run();
    return got;
  }
  /// Credential and app of each, sorted.
  static std::vector<std::string> names(const std::vector<held_access_ptr>& held) {
    std::vector<std::string> texts;
    for (const auto& each : held) {
      texts.push_back(each->credential + (each->app ? " " + each->app->text() : ""));
    }
    std::sort(texts.begin(), texts.end());
    return texts;
  }
  void end(std::vector<held_access_ptr> held) {
    caf::anon_send(world.root, end_access{std::move(held)});
    world.run();
  }
  using texts = std::vector<std::string>;

  actor_world world;
};

TEST_F(StreamAccess, EndsWithPolicyViolationForThoseWhoLostIt) {
  world.settings.deploy.start_wait = 1h;
  come("ada", "token:1", 1);
  auto log = world.open_and_run(process_log_stream);
  auto deploys = world.open_and_run(deploys_of_shop);
  come("bob", "token:2", 1);
  auto other = world.open_and_run(process_log_stream);
  auto held = to_check(1);
  EXPECT_EQ(names(held), (texts{"token:1", "token:1 shop", "token:2"}));
  std::erase_if(held, [](const auto& each) { return each->credential != "token:1"; });
  end(held);
  EXPECT_EQ(log->ending(), "1008 access ended");
  EXPECT_EQ(deploys->ending(), "1008 access ended");
  EXPECT_EQ(other->ending(), "");
}

TEST_F(StreamAccess, OfOneAppCanEndAlone) {
  world.settings.deploy.start_wait = 1h;
  come("ada", "token:1", 1);
  auto shop = world.open_and_run(deploys_of_shop);
  auto blog = world.open_and_run("/api/apps/blog/deploy-logs");
  auto held = to_check(1);
  std::erase_if(held, [](const auto& each) { return each->app->text() != "shop"; });
  ASSERT_EQ(held.size(), 1u);
  EXPECT_EQ(held[0]->needed, protocol::right::read);
  end(held);
  EXPECT_EQ(shop->ending(), "1008 access ended");
  EXPECT_EQ(blog->ending(), "");
}

TEST_F(StreamAccess, EndsForAViewerOfAContainerLogWhoIsBusyWithoutWhatWaits) {
  come("ada", "token:1", 1);
  world.engine.add("c1", "simpledeploy-shop");
  auto viewer = world.open_and_run("/api/apps/shop/logs");
  viewer->stuck = true;
  for (const char* line : {"one", "two"}) world.engine.append("c1", world.wall, line);
  world.run();
  end(to_check(1));
  EXPECT_EQ(viewer->ending(), "1008 access ended");
  viewer->unstick();
  world.run();
  EXPECT_EQ(viewer->lines(), std::vector<std::string>{"one"});
}

TEST_F(StreamAccess, IsCutWhereTheViewerDoesNotTakeTheCloseInTime) {
  come("ada", "token:1", 1);
  auto viewer = world.open_and_run(process_log_stream);
  viewer->stuck = true;
  end(to_check(1));
  EXPECT_EQ(viewer->ending(), "1008 access ended");
  EXPECT_FALSE(viewer->gone());
  world.advance(900ms);
  EXPECT_FALSE(viewer->aborted) << "there is some time to answer";
  world.advance(200ms);
  EXPECT_TRUE(viewer->aborted);
  ASSERT_EQ(world.audit.ends[1].size(), 1u);
  EXPECT_EQ(world.audit.ends[1][0].reason, "access ended");
}

TEST_F(StreamAccess, EndsForAViewerWhoseContainerIsStillLookedFor) {
  come("ada", "token:1", 1);
  world.engine.add("c1", "simpledeploy-shop");
  auto viewer = world.open("/api/apps/shop/logs");
  caf::anon_send(
      world.root,
      access_to_check{
          1,
          world.wall,
          {[&](auto held) { caf::anon_send(world.root, end_access{std::move(held)}); }, {}}});
  world.run();
  EXPECT_EQ(viewer->ending(), "1008 access ended");
  EXPECT_EQ(world.audit.ends[1].size(), 1u);
}

TEST_F(StreamAccess, IsCheckedOnceAVersionAndOnceACredentialAndApp) {
  come("ada", "token:1", 1);
  world.open_and_run(process_log_stream);
  world.open_and_run(process_log_stream);
  EXPECT_EQ(names(to_check(1)), texts{"token:1"});
  EXPECT_TRUE(to_check(1).empty());
  EXPECT_EQ(names(to_check(2)), texts{"token:1"});
  EXPECT_TRUE(to_check(2).empty());
  // Version 0 stands for: everything, whatever is known.
  EXPECT_EQ(names(to_check(0)), texts{"token:1"});
  EXPECT_EQ(names(to_check(0)), texts{"token:1"});
}

TEST_F(StreamAccess, IsCheckedAgainWhereItWasGrantedBeforeTheLastChange) {
  to_check(2);
  // The change from 1 to 2 came between the check of the token and the stream.
  come("ada", "token:1", 1);
  world.open_and_run(process_log_stream);
  come("bob", "token:2", 2);
  world.open_and_run(process_log_stream);
  EXPECT_EQ(names(to_check(2)), texts{"token:1"});
  EXPECT_TRUE(to_check(2).empty());
}

TEST_F(StreamAccess, IsCheckedWhenItsCredentialIsPastItsEnd) {
  come("ada", "token:1", 1, world.wall + 1h);
  world.open_and_run(process_log_stream);
  come("bob", "token:2", 1, world.wall + 2h);
  world.open_and_run(process_log_stream);
  to_check(1);
  EXPECT_TRUE(to_check(1).empty());
  world.wall += 1h;
  EXPECT_EQ(names(to_check(1)), texts{"token:1"});
  world.wall += 1h;
  EXPECT_EQ(names(to_check(1)), (texts{"token:1", "token:2"}));
  // A clock that was set back revives nobody by itself, and ends nobody.
  world.wall -= 90min;
  EXPECT_TRUE(to_check(1).empty());
}

TEST_F(StreamAccess, IsForgottenWithItsLastStream) {
  come("ada", "token:1", 1);
  auto first = world.open_and_run(process_log_stream);
  auto second = world.open_and_run(process_log_stream);
  first->drop();
  world.run();
  EXPECT_EQ(to_check(1).size(), 1u);
  second->drop();
  world.run();
  EXPECT_TRUE(to_check(2).empty());
}

TEST_F(StreamAccess, IsAuditedFromBeginningToEnd) {
  come("ada", "token:1", 1);
  auto viewer = world.open_and_run(process_log_stream);
  for (const char* line : {"one", "two"}) {
    caf::anon_send(world.root, process_log_lines{std::make_shared<const std::vector<std::string>>(
                                   std::vector<std::string>{line})});
  }
  world.run();
  ASSERT_EQ(world.audit.beginnings.size(), 1u);
  const auto& opened = world.audit.beginnings[0];
  EXPECT_EQ(opened.user, "ada");
  EXPECT_EQ(opened.credential, "token:1");
  EXPECT_EQ(opened.address, "192.0.2.7");
  EXPECT_EQ(opened.stream, "process-logs");
  EXPECT_EQ(opened.app, "");
  EXPECT_EQ(opened.opened_at, world.wall);
  EXPECT_TRUE(world.audit.ends.empty());
  world.wall += 5s;
  end(to_check(1));
  ASSERT_EQ(world.audit.ends[1].size(), 1u);
  const auto& closed = world.audit.ends[1][0];
  EXPECT_EQ(closed.close_code, 1008);
  EXPECT_EQ(closed.reason, "access ended");
  EXPECT_EQ(closed.lines, 2u);
  EXPECT_EQ(closed.bytes, std::string(R"("one""two")").size() + 2 * 2u);
  EXPECT_EQ(closed.closed_at, world.wall);
}

TEST_F(StreamAccess, IsAuditedWithTheServiceOrTheDeploy) {
  world.open_and_run("/api/apps/shop/logs?service=db&replica=2");
  world.open_and_run("/api/apps/shop/deploy-logs?deploy=d7");
  world.open_and_run("/api/apps/shop/logs?tail=x");
  world.open_and_run("/api/apps/shop/deploy-logs?deploy=a%20b");
  ASSERT_EQ(world.audit.beginnings.size(), 4u);
  const auto what = [](const opened_stream& opened) {
    return opened.stream + ": " + opened.app + ": " + opened.detail;
  };
  EXPECT_EQ(what(world.audit.beginnings[0]), "logs: shop: db 2");
  EXPECT_EQ(what(world.audit.beginnings[1]), "deploy-logs: shop: d7");
  EXPECT_EQ(what(world.audit.beginnings[2]), "logs: shop: invalid parameter");
  EXPECT_EQ(what(world.audit.beginnings[3]), "deploy-logs: shop: invalid parameter");
}

TEST_F(StreamAccess, CountsNoLinesThatTheViewersSocketDidNotTake) {
  auto viewer = world.open_and_run(process_log_stream);
  viewer->stuck = true;
  caf::anon_send(world.root, process_log_lines{std::make_shared<const std::vector<std::string>>(
                                 std::vector<std::string>{"never taken"})});
  world.run();
  viewer->stall();
  world.run();
  ASSERT_EQ(world.audit.ends[1].size(), 1u);
  EXPECT_EQ(world.audit.ends[1][0].lines, 0u);
  EXPECT_EQ(world.audit.ends[1][0].bytes, 0u);
  EXPECT_EQ(world.audit.ends[1][0].reason, "viewer stalled");
  EXPECT_FALSE(world.audit.ends[1][0].close_code) << "no close frame was sent";
}

TEST_F(StreamAccess, CountsWhatABusySocketTookInTheEnd) {
  auto viewer = world.open_and_run(process_log_stream);
  viewer->stuck = true;
  caf::anon_send(world.root, process_log_lines{std::make_shared<const std::vector<std::string>>(
                                 std::vector<std::string>{"taken late"})});
  world.run();
  viewer->stuck = false;
  viewer->unstick();
  world.run();
  viewer->drop();
  world.run();
  ASSERT_EQ(world.audit.ends[1].size(), 1u);
  EXPECT_EQ(world.audit.ends[1][0].lines, 1u);
  EXPECT_EQ(world.audit.ends[1][0].reason, "viewer gone");
}

TEST_F(StreamAccess, HasOneEndInTheAuditHoweverEverythingEnds) {
  for (int i = 0; i < 3; ++i) world.open_and_run(process_log_stream);
  world.viewers[0]->drop();
  world.run();
  caf::anon_send_exit(world.root, caf::exit_reason::user_shutdown);
  world.run();
  ASSERT_EQ(world.audit.ends.size(), 3u);
  for (const auto& [id, ends] : world.audit.ends) EXPECT_EQ(ends.size(), 1u) << id;
}

}  // namespace
}  // namespace spillway::actors::testing
