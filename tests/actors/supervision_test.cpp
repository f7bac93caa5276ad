#include "actor_test.hpp"

namespace spillway::actors::testing {
namespace {

using namespace std::chrono_literals;

class Supervision : public ::testing::Test {
 protected:
  void log(const std::string& line) {
    caf::anon_send(world.root, process_log_lines{std::make_shared<const std::vector<std::string>>(
                                   std::vector<std::string>{line})});
    world.run();
  }
  void end_sessions() {
    caf::anon_send(world.root,
                   actors::end_sessions{{[this](bool) { sessions_gone = true; }, true}});
    world.run();
  }
  actor_world world;
  bool sessions_gone = false;
};

constexpr const char* process_log_target = "/api/system/process-logs/stream";

TEST_F(Supervision, TheProcessLogReplaysItsRingThenFollows) {
  world.settings.process_log.lines = 3;
  actor_world small(1, world.settings);
  for (int i = 0; i < 5; ++i) {
    caf::anon_send(small.root,
                   process_log_lines{std::make_shared<const std::vector<std::string>>(
                       std::vector<std::string>{"line \"" + std::to_string(i) + "\""})});
  }
  auto v = small.open_and_run(process_log_target);
  EXPECT_EQ(v->frames,
            (std::vector<std::string>{R"("line \"2\"")", R"("line \"3\"")", R"("line \"4\"")"}));
}

TEST_F(Supervision, AViewerOfTheProcessLogThatTakesCompressedFramesGetsTheSameLines) {
  log("before anyone came");
  auto plain = world.open(process_log_target);
  auto deflated = world.open(process_log_target);
  deflated->deflated = true;
  world.run();
  for (int i = 0; i < 600; ++i) log("line " + std::to_string(i));
  EXPECT_EQ(plain->frames.size(), 601u);
  EXPECT_EQ(deflated->frames, plain->frames);
  EXPECT_EQ(deflated->deflated_frames(), 601u);
  EXPECT_FALSE(plain->broke_the_protocol);
}

TEST_F(Supervision, TheNewestProcessLogLinesCanBeAskedFor) {
  for (int i = 0; i < 5; ++i) log(std::to_string(i));
  std::vector<std::string> got;
  caf::anon_send(world.root, tail_process_log{2, {[&](auto lines) { got = lines; }, {}}});
  world.run();
  EXPECT_EQ(got, (std::vector<std::string>{"3", "4"}));
}

TEST_F(Supervision, ABadParameterIsToldInAFrameThenClosedNormally) {
  auto v = world.open_and_run("/api/apps/shop/logs?tail=abc");
  ASSERT_EQ(v->frames.size(), 1u);
  EXPECT_TRUE(v->json()[0]["error"].get<std::string>().starts_with("invalid tail: "));
  EXPECT_EQ(v->ending(), "1000 invalid parameter");
}

TEST_F(Supervision, APublisherThatThrowsEndsOnlyItsOwnStreamsAndIsFreshForTheNextViewer) {
  world.engine.add("c1", "simpledeploy-shop");
  world.engine.append("c1", world.wall, "hello");
  auto bystander = world.open_and_run(process_log_target);
  world.engine.throws_on_open = true;
  auto v = world.open_and_run("/api/apps/shop/logs");
  EXPECT_EQ(v->ending(), "1011 internal error, see the process log");
  EXPECT_FALSE(bystander->closed);
  world.engine.throws_on_open = false;
  EXPECT_EQ(world.open_and_run("/api/apps/shop/logs")->lines(), std::vector<std::string>{"hello"});
}

TEST_F(Supervision, APublisherThatKeepsFailingIsNotStartedForAWhile) {
  world.engine.add("c1", "simpledeploy-shop");
  world.engine.throws_on_open = true;
  for (int i = 0; i < 5; ++i) world.open_and_run("/api/apps/shop/logs");
  world.engine.throws_on_open = false;
  auto refused = world.open_and_run("/api/apps/shop/logs");
  EXPECT_EQ(refused->ending(), "1011 this stream failed repeatedly, try again in a minute");
  world.advance(61s);
  EXPECT_FALSE(world.open_and_run("/api/apps/shop/logs")->closed);
}

TEST_F(Supervision, OnShutdownEveryViewerOfEveryStreamGets1001) {
  world.engine.add("c1", "simpledeploy-shop");
  world.engine.append("c1", world.wall, "hello");
  world.start_run("shop", {{"up", {"up"}}});
  world.run();
  std::vector<std::shared_ptr<fake_connection>> viewers{
      world.open("/api/apps/shop/logs"), world.open("/api/apps/shop/deploy-logs"),
      world.open("/api/apps/idle/deploy-logs"), world.open(process_log_target)};
  world.run();
  end_sessions();
  for (auto& v : viewers) EXPECT_EQ(v->ending(), "1001 server is shutting down");
  EXPECT_TRUE(sessions_gone);
  auto late = world.open_and_run(process_log_target);
  EXPECT_EQ(late->ending(), "1001 server is shutting down");
}

TEST_F(Supervision, ShutdownWaitsForTheLastClosingHandshake) {
  auto v = world.open_and_run(process_log_target);
  v->stuck = true;
  end_sessions();
  EXPECT_TRUE(v->closed);
  EXPECT_FALSE(sessions_gone);
  v->drop();
  world.run();
  EXPECT_TRUE(sessions_gone);
}

TEST_F(Supervision, ASilentViewerIsClosedAStalledOneIsCut) {
  auto silent = world.open_and_run(process_log_target);
  silent->be_silent();
  world.run();
  EXPECT_EQ(silent->ending(), "1001 nothing received for too long");
  auto stalled = world.open_and_run(process_log_target);
  stalled->stall();
  world.run();
  EXPECT_TRUE(stalled->aborted);
  EXPECT_FALSE(stalled->closed);
}

TEST_F(Supervision, AViewerThatGoesLeavesNoTrace) {
  world.engine.add("c1", "simpledeploy-shop");
  world.engine.append("c1", world.wall, "hello");
  const auto before = world.system.registry().running();
  for (int i = 0; i < 50; ++i) world.open_and_run("/api/apps/shop/logs")->drop();
  world.run();
  EXPECT_EQ(world.system.registry().running(), before + 1) << "the container log, which lingers";
  world.advance(31s);
  EXPECT_EQ(world.system.registry().running(), before);
}

TEST_F(Supervision, AViewerThatGoesWhileItsContainerIsLookedForLeavesNoTrace) {
  world.engine.add("c1", "simpledeploy-shop");
  world.engine.hold_lists = true;
  const auto before = world.system.registry().running();
  world.open_and_run("/api/apps/shop/logs")->drop();
  world.run();
  world.engine.release_lists();
  world.run();
  EXPECT_EQ(world.system.registry().running(), before) << "nobody wants a container log";
}

TEST_F(Supervision, AViewerThatGoesAtAnyMomentLeavesNoTrace) {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    actor_world w(seed, world.settings);
    w.engine.add("c1", "simpledeploy-shop");
    w.engine.append("c1", w.wall, "hello");
    const auto before = w.system.registry().running();
    auto a = w.open("/api/apps/shop/logs");
    auto b = w.open("/api/apps/shop/logs?tail=0");
    for (std::uint64_t i = 0; i < seed % 30; ++i) w.step();
    a->drop();
    for (std::uint64_t i = 0; i < seed % 7; ++i) w.step();
    b->drop();
    w.run();
    w.advance(31s);
    ASSERT_EQ(w.system.registry().running(), before) << "seed " << seed;
  }
}

TEST_F(Supervision, ViewersThatComeAndGoLeaveNothingInTheClock) {
  world.engine.add("c1", "simpledeploy-shop");
  world.engine.append("c1", world.wall, "hello");
  auto& waiting = world.scheduler().clock().schedule();
  for (int i = 0; i < 50; ++i) {
    world.open_and_run("/api/apps/shop/logs")->drop();
    world.open_and_run("/api/apps/shop/logs?until=2200-01-01T00:00:00Z")->drop();
    world.run();
    world.advance(29s);
  }
  world.advance(20min);
  EXPECT_TRUE(waiting.empty());
}

TEST_F(Supervision, AContainerLogThatIsVisitedLingersFromTheLastVisitOn) {
  world.engine.add("c1", "simpledeploy-shop");
  world.engine.append("c1", world.wall, "hello");
  const auto before = world.system.registry().running();
  for (int i = 0; i < 3; ++i) {
    world.open_and_run("/api/apps/shop/logs")->drop();
    world.run();
    world.advance(20s);
  }
  EXPECT_EQ(world.scheduler().clock().schedule().size(), 1u);
  world.advance(9'999ms);
  EXPECT_EQ(world.system.registry().running(), before + 1);
  world.advance(1ms);
  EXPECT_EQ(world.system.registry().running(), before);
}

TEST_F(Supervision, LookingForAContainerIsOneQuestionForAllWhoWait) {
  world.engine.add("c1", "simpledeploy-shop");
  world.engine.hold_lists = true;
  for (int i = 0; i < 10; ++i) world.open_and_run("/api/apps/shop/logs");
  EXPECT_EQ(world.engine.lists, 1u);
  world.engine.release_lists();
  world.run();
  EXPECT_EQ(world.engine.follows, 1u);
}

}  // namespace
}  // namespace spillway::actors::testing
