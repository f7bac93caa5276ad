#include "actor_test.hpp"

namespace spillway::actors::testing {
namespace {

using namespace std::chrono_literals;

constexpr const char* shop_logs = "/api/apps/shop/logs";

class ContainerLog : public ::testing::Test {
 protected:
  void add_lines(int from, int to) {
    for (int i = from; i < to; ++i) {
      world.wall += 1ms;
      world.engine.append("c1", world.wall, std::to_string(i));
    }
  }
  static std::vector<std::string> numbers(int from, int to) {
    std::vector<std::string> out;
    for (int i = from; i < to; ++i) out.push_back(std::to_string(i));
    return out;
  }
  void shop() { world.engine.add("c1", "simpledeploy-shop"); }

  actor_world world;
};

TEST_F(ContainerLog, HistoryComesFirstThenLiveLines) {
  shop();
  add_lines(0, 300);
  auto v = world.open_and_run(shop_logs);
  EXPECT_EQ(v->lines(), numbers(200, 300));
  add_lines(300, 303);
  world.run();
  EXPECT_EQ(v->lines(), numbers(200, 303));
  EXPECT_FALSE(v->closed);
}

TEST_F(ContainerLog, AnyTailIsExactFromAColdAndFromAWarmStart) {
  shop();
  add_lines(0, 3'000);
  for (int round = 0; round < 2; ++round) {
    for (int tail : {0, 1, 7, 999, 1'000, 1'001, 1'500, 2'999, 3'000, 5'000}) {
      auto v = world.open_and_run(std::string(shop_logs) + "?tail=" + std::to_string(tail));
      EXPECT_EQ(v->lines(), numbers(std::max(0, 3'000 - tail), 3'000)) << tail;
    }
  }
  auto all = world.open_and_run(std::string(shop_logs) + "?tail=all");
  EXPECT_EQ(all->lines(), numbers(0, 3'000));
}

TEST_F(ContainerLog, ATailOfSplitLinesIsExactHoweverLargeTheyAre) {
  world.settings.logs.ring_size_bytes = 4'096;
  world.engine.chunk_lines = 7;
  shop();
  const std::string much(1'000, 'x');
  for (int i = 0; i < 200; ++i) {
    world.engine.append("c1", world.wall += 1ms, much + std::to_string(i));
  }
  const auto keeps_it_open = world.open_and_run(shop_logs);
  for (const std::size_t parts : {1U, 2U, 3U, 16U}) {
    world.engine.parts = parts;
    for (const int tail : {1, 5, 30, 31, 199, 200, 300}) {
      for (const char* follow : {"true", "false"}) {
        auto v = world.open_and_run(std::string(shop_logs) + "?tail=" + std::to_string(tail) +
                                    "&follow=" + follow);
        std::vector<std::string> expected;
        for (int i = std::max(0, 200 - tail); i < 200; ++i) {
          expected.push_back(much + std::to_string(i));
        }
        EXPECT_TRUE(v->lines() == expected) << parts << " parts, tail " << tail << ", " << follow;
      }
    }
  }
}

TEST_F(ContainerLog, ATailIsExactAlsoWhereALineIsBeingWrittenInMoreEntriesThanItAsksFor) {
  shop();
  for (int i = 0; i < 20; ++i) {
    world.engine.append("c1", world.wall += 1ms, std::to_string(i));
  }
  for (const std::size_t parts : {1U, 2U, 3U, 16U}) {
    world.engine.parts_being_written = parts;
    for (const int tail : {0, 1, 2, 5, 19, 20, 30}) {
      auto v = world.open_and_run(std::string(shop_logs) + "?tail=" + std::to_string(tail) +
                                  "&follow=false");
      std::vector<std::string> expected;
      for (int i = std::max(0, 20 - tail); i < 20; ++i) expected.push_back(std::to_string(i));
      EXPECT_TRUE(v->lines() == expected) << parts << " parts, tail " << tail;
    }
  }
}

TEST_F(ContainerLog, ATailLongerThanALargeLogBeginsWithItsFirstLine) {
  world.settings.logs.ring_size_bytes = 64 << 10;
  shop();
  const std::string much(150, 'x');
  for (int i = 0; i < 9'000; ++i) {
    world.engine.append("c1", world.wall += 1ms, much + std::to_string(i));
  }
  for (const char* more : {"9000", "9001", "10000", "40000", "10000&follow=false"}) {
    auto v = world.open_and_run(std::string(shop_logs) + "?tail=" + more);
    EXPECT_EQ(v->frames.size(), 9'000u) << more;
    EXPECT_EQ(v->lines().front(), much + "0") << more;
  }
}

TEST_F(ContainerLog, NoLineAfterAnUntilIsShownThoughTheRingHasSome) {
  shop();
  const auto keeps_it_open = world.open_and_run(shop_logs);
  // The engine's clock is a little ahead.
  for (int i = 0; i < 100; ++i) {
    world.engine.append("c1", world.wall + (i + 1) * 1ms, std::to_string(i));
  }
  world.run();
  const auto until = protocol::format_rfc3339_nano(world.wall + 15ms);
  auto v = world.open_and_run(std::string(shop_logs) + "?tail=all&until=" + until);
  EXPECT_EQ(v->lines(), numbers(0, 15));
  EXPECT_EQ(v->ending(), "1000 end of history");
}

TEST_F(ContainerLog, ABusyViewerIsShownNoLineAfterItsUntilEither) {
  shop();
  add_lines(0, 10);
  const auto until = protocol::format_rfc3339_nano(world.wall + 5ms);
  auto busy = world.open_and_run(std::string(shop_logs) + "?until=" + until);
  busy->stuck = true;
  add_lines(10, 11);
  world.run();
  add_lines(11, 100);
  world.run();
  world.advance(5s);
  busy->stuck = false;
  busy->unstick();
  world.run();
  EXPECT_EQ(busy->lines(), numbers(0, 15));
  EXPECT_EQ(busy->ending(), "1000 end of history");
}

TEST_F(ContainerLog, AnUntilThatTheRingHasMovedPastIsTheEndAndNoSkip) {
  world.settings.logs.ring_size_bytes = 4'096;
  world.settings.stream.window_bytes = 4'096;
  shop();
  add_lines(0, 500);
  const auto keeps_it_open = world.open_and_run(shop_logs);
  const auto until = protocol::format_rfc3339_nano(world.wall + 5ms);
  auto slow = world.open(std::string(shop_logs) + "?tail=all&until=" + until);
  slow->stuck = true;
  world.run();
  add_lines(500, 1'500);
  world.run();
  world.advance(5s);
  slow->stuck = false;
  slow->unstick();
  world.run();
  EXPECT_EQ(slow->lines(), numbers(0, 505));
  EXPECT_EQ(slow->ending(), "1000 end of history");
}

TEST_F(ContainerLog, TwentyViewersShareOneStream) {
  shop();
  add_lines(0, 50);
  for (int i = 0; i < 20; ++i) world.open(shop_logs);
  world.run();
  EXPECT_EQ(world.engine.follows, 1u);
  EXPECT_EQ(world.engine.histories, 1u);
  EXPECT_EQ(world.engine.lists, 1u);
  add_lines(50, 60);
  world.run();
  for (auto& v : world.viewers) EXPECT_EQ(v->lines(), numbers(0, 60));
}

TEST_F(ContainerLog, AFloodLetsTheLineOfAnotherStreamThroughBeforeItsOwnViewersAreAllServed) {
  shop();
  world.engine.add("q1", "simpledeploy-quiet");
  add_lines(0, 1);
  world.engine.append("q1", world.wall, "before");
  for (int i = 0; i < 100; ++i) world.open(shop_logs);
  auto quiet = world.open_and_run("/api/apps/quiet/logs");
  for (int i = 0; i < 20; ++i) {
    world.engine.append("c1", world.wall += 1ms, std::string(30'000, 'x'));
  }
  world.engine.append("q1", world.wall += 1ms, "after");
  const auto served = [&] {
    return std::count_if(world.viewers.begin(), world.viewers.end(),
                         [&](auto& v) { return v != quiet && v->frames.size() > 1; });
  };
  while (quiet->frames.size() < 2 && world.scheduler().step_in_order()) {
  }
  EXPECT_EQ(quiet->lines().back(), "after");
  EXPECT_LT(served(), 20);
  world.run();
  EXPECT_EQ(served(), 100);
  for (auto& v : world.viewers) {
    EXPECT_EQ(v->frames.size(), v == quiet ? 2u : 21u);
  }
}

TEST_F(ContainerLog, AFloodThatViewersWouldTakeIsHeldBackRatherThanSkipped) {
  world.settings.logs.ring_size_bytes = 128 << 10;
  world.engine.chunk_lines = 50;
  shop();
  add_lines(0, 1);
  for (int i = 0; i < 40; ++i) world.open(shop_logs);
  auto stuck = world.open_and_run(shop_logs);
  stuck->stuck = true;
  for (int i = 0; i < 1'000; ++i) {
    world.engine.append("c1", world.wall += 1ms, std::string(400, 'x'));
  }
  while (world.scheduler().step_in_order()) {
  }
  for (auto& v : world.viewers) {
    if (v == stuck) continue;
    ASSERT_EQ(v->frames.size(), 1'001u) << "some were skipped";
  }
  EXPECT_LT(stuck->frames.size(), 1'000u) << "a slow viewer holds up nobody";
}

TEST_F(ContainerLog, OneLineForAThousandViewersIsEncodedOnceIntoMemoryThatAllShare) {
  shop();
  add_lines(0, 1);
  for (int i = 0; i < 1'000; ++i) world.open(shop_logs);
  world.run();
  add_lines(1, 2);
  world.run();
  const auto last_slice = [](const fake_connection& v) { return v.batches.back()->slices.back(); };
  const auto first = last_slice(*world.viewers.front());
  for (auto& v : world.viewers) {
    ASSERT_EQ(v->lines().back(), "1");
    ASSERT_EQ(last_slice(*v).bytes.data(), first.bytes.data());
    ASSERT_EQ(last_slice(*v).owner, first.owner);
  }
}

TEST_F(ContainerLog, AViewerThatTakesCompressedFramesGetsTheSameLines) {
  shop();
  add_lines(0, 300);
  auto plain = world.open(shop_logs);
  auto deflated = world.open(std::string(shop_logs) + "?tail=250");
  deflated->deflated = true;
  for (int i = 300; i < 2'000; i += 7) {
    world.run();
    add_lines(i, std::min(i + 7, 2'000));
  }
  world.run();
  EXPECT_EQ(plain->lines(), numbers(200, 2'000));
  EXPECT_EQ(deflated->lines(), numbers(50, 2'000));
  EXPECT_FALSE(plain->broke_the_protocol);
  EXPECT_EQ(deflated->deflated_frames(), 2'000u - 256u) << "plain up to the first segment";
}

TEST_F(ContainerLog, AViewerOfAnEmptyLogGetsItsFirstLine) {
  shop();
  auto v = world.open_and_run(shop_logs);
  auto w = world.open_and_run(std::string(shop_logs) + "?tail=0");
  EXPECT_TRUE(v->frames.empty());
  add_lines(0, 2);
  world.run();
  EXPECT_EQ(v->lines(), numbers(0, 2));
  EXPECT_EQ(w->lines(), numbers(0, 2));
}

TEST_F(ContainerLog, WithoutFollowTheHistoryEndsNormallyAndNoStreamIsOpened) {
  shop();
  add_lines(0, 10);
  auto v = world.open_and_run(std::string(shop_logs) + "?follow=false&tail=4");
  EXPECT_EQ(v->lines(), numbers(6, 10));
  EXPECT_EQ(v->ending(), "1000 end of history");
  EXPECT_EQ(world.engine.follows, 0u);
}

TEST_F(ContainerLog, SinceAndUntilBoundTheLines) {
  shop();
  add_lines(0, 100);
  auto at = [&](int line) {
    return protocol::format_rfc3339_nano(world.engine.containers["c1"].log[line].at);
  };
  auto since = world.open_and_run(std::string(shop_logs) + "?tail=all&since=" + at(90));
  EXPECT_EQ(since->lines(), numbers(90, 100));
  auto until = world.open_and_run(std::string(shop_logs) + "?tail=all&until=" + at(9));
  EXPECT_EQ(until->lines(), numbers(0, 10));
  EXPECT_EQ(until->ending(), "1000 end of history");
}

TEST_F(ContainerLog, AnUntilToComeEndsTheStreamWhenALineOrTheClockPassesIt) {
  shop();
  add_lines(0, 3);
  const auto soon = protocol::format_rfc3339_nano(world.wall + 5s);
  auto by_line = world.open_and_run(std::string(shop_logs) + "?until=" + soon);
  EXPECT_FALSE(by_line->closed);
  world.engine.append("c1", world.wall + 5s, "in time");
  world.engine.append("c1", world.wall + 5s + 1ns, "too late");
  world.run();
  EXPECT_EQ(by_line->lines(), (std::vector<std::string>{"0", "1", "2", "in time"}));
  EXPECT_EQ(by_line->ending(), "1000 end of history");

  const auto later = protocol::format_rfc3339_nano(world.wall + 8s);
  auto by_clock = world.open_and_run(std::string(shop_logs) + "?tail=0&until=" + later);
  EXPECT_FALSE(by_clock->closed);
  world.advance(10s);
  EXPECT_EQ(by_clock->ending(), "1000 end of history");

  const auto far = protocol::format_rfc3339_nano(world.wall + 25min);
  auto by_steps = world.open_and_run(std::string(shop_logs) + "?tail=0&until=" + far);
  world.advance(25min);
  EXPECT_FALSE(by_steps->closed);
  world.advance(2s);
  EXPECT_EQ(by_steps->ending(), "1000 end of history");
}

TEST_F(ContainerLog, AnUntilThatPassesBeforeTheContainerHasPrintedAnythingEndsTheStream) {
  shop();
  const auto soon = protocol::format_rfc3339_nano(world.wall + 1s);
  auto v = world.open_and_run(std::string(shop_logs) + "?until=" + soon);
  world.advance(1500ms);
  EXPECT_FALSE(v->closed);
  world.advance(1s);
  EXPECT_EQ(v->ending(), "1000 end of history");
  EXPECT_TRUE(v->frames.empty());
}

TEST_F(ContainerLog, AnUntilThatPassesWhileTheRingIsFilledEndsTheStreamAfterItsLines) {
  shop();
  add_lines(0, 5);
  world.engine.hold_histories = true;
  const auto soon = protocol::format_rfc3339_nano(world.wall + 1s);
  auto v = world.open_and_run(std::string(shop_logs) + "?until=" + soon);
  world.advance(3s);
  add_lines(5, 7);
  EXPECT_TRUE(v->frames.empty());
  world.engine.release_histories();
  world.run();
  EXPECT_EQ(v->lines(), numbers(0, 5));
  EXPECT_EQ(v->ending(), "1000 end of history");
}

TEST_F(ContainerLog, AnUntilThatPassesWhileTheHistoryIsReadEndsTheStream) {
  world.settings.stream.window_bytes = 4'096;
  shop();
  add_lines(0, 3'000);
  const auto keeps_it_open = world.open_and_run(shop_logs);
  const auto soon = protocol::format_rfc3339_nano(world.wall + 5s);
  auto slow = world.open(std::string(shop_logs) + "?tail=all&until=" + soon);
  slow->stuck = true;
  world.run();
  world.advance(10s);
  EXPECT_FALSE(slow->closed);
  slow->stuck = false;
  slow->unstick();
  world.run();
  EXPECT_EQ(slow->lines(), numbers(0, 3'000));
  EXPECT_EQ(slow->ending(), "1000 end of history");
}

TEST_F(ContainerLog, ASinceToComeHoldsLinesBackUntilThen) {
  shop();
  add_lines(0, 3);
  const auto then = world.wall + 10s;
  auto v =
      world.open_and_run(std::string(shop_logs) + "?since=" + protocol::format_rfc3339_nano(then));
  add_lines(3, 5);
  world.run();
  EXPECT_TRUE(v->frames.empty());
  world.engine.append("c1", then, "then");
  world.run();
  EXPECT_EQ(v->lines(), std::vector<std::string>{"then"});
}

TEST_F(ContainerLog, AContainerThatExitsEndsItsViewersAfterTheLastLine) {
  shop();
  add_lines(0, 5);
  auto v = world.open_and_run(shop_logs);
  auto slow = world.open(shop_logs);
  slow->stuck = true;
  world.run();
  add_lines(5, 8);
  world.engine.exit("c1");
  world.run();
  EXPECT_EQ(v->lines(), numbers(0, 8));
  EXPECT_EQ(v->ending(), "1000 container exited");
  EXPECT_FALSE(slow->closed);
  for (int i = 0; i < 3; ++i) {
    slow->unstick();
    world.run();
  }
  EXPECT_EQ(slow->lines(), numbers(0, 8));
  ASSERT_TRUE(slow->closed);
}

TEST_F(ContainerLog, LinesThatTheStreamOfAnExitingContainerLeftOutAreReadFromItsHistory) {
  shop();
  add_lines(0, 20);
  world.engine.lost_at_exit = 5;
  auto v = world.open_and_run(shop_logs);
  world.engine.containers["c1"].exited = true;
  add_lines(20, 30);
  world.run();
  EXPECT_EQ(v->lines(), numbers(0, 30));
  EXPECT_EQ(v->ending(), "1000 container exited");
}

TEST_F(ContainerLog, AfterAnExitTheNextViewerGetsAFreshStream) {
  shop();
  add_lines(0, 5);
  world.open_and_run(shop_logs);
  world.engine.exit("c1");
  world.run();
  auto again = world.open_and_run(shop_logs);
  EXPECT_EQ(again->lines(), numbers(0, 5));
  EXPECT_EQ(again->ending(), "1000 container exited");
  EXPECT_EQ(world.engine.follows, 2u);
}

TEST_F(ContainerLog, ABrokenStreamEndsOnlyItsOwnViewersWith1011AndTheReasonInAFrame) {
  shop();
  world.engine.add("other", "simpledeploy-blog");
  add_lines(0, 2);
  auto v = world.open_and_run(shop_logs);
  auto bystander = world.open_and_run("/api/apps/blog/logs");
  world.engine.break_streams("c1");
  world.run();
  EXPECT_EQ(v->ending(), "1011 docker engine unavailable");
  EXPECT_EQ(v->frames.back(), R"({"error": "docker engine unavailable"})");
  EXPECT_FALSE(bystander->closed);
  auto next = world.open_and_run(shop_logs);
  EXPECT_EQ(next->lines(), numbers(0, 2));
}

/// As that of a container which is removed while it is read.
TEST_F(ContainerLog, AHistoryThatEndsBeforeTheRingBeginsIsAFailureAndNoGapWithoutAWord) {
  world.settings.logs.ring_size_bytes = 8'000;
  shop();
  add_lines(0, 3'000);
  const auto early = world.open_and_run(shop_logs);
  world.engine.history_ends_after = 100;
  const auto late = world.open_and_run(std::string(shop_logs) + "?tail=all");
  EXPECT_EQ(late->ending(), "1011 the log's history ended early");
  EXPECT_EQ(late->frames.size(), 101U) << "what there was, and the error";
  EXPECT_FALSE(early->closed);
}

TEST_F(ContainerLog, ATailThatEndsBeforeTheRingBeginsIsAFailureToo) {
  world.settings.logs.ring_size_bytes = 8'000;
  shop();
  add_lines(0, 3'000);
  const auto early = world.open_and_run(shop_logs);
  world.engine.history_ends_after = 2'850;
  const auto late = world.open_and_run(std::string(shop_logs) + "?tail=200");
  EXPECT_EQ(late->ending(), "1011 the log's history ended early");
  EXPECT_FALSE(early->closed);
}

TEST_F(ContainerLog, LastLinesThatAreRotatedAwayAreAFailureAndNoCleanExit) {
  shop();
  add_lines(0, 20);
  world.engine.lost_at_exit = 5;
  const auto v = world.open_and_run(shop_logs);
  add_lines(20, 30);
  auto& log = world.engine.containers.at("c1").log;
  world.engine.exit("c1");
  log.erase(log.begin(), log.end() - 2);
  world.run();
  EXPECT_EQ(v->ending(), "1011 the last lines were not found");
}

/// As that of a terminal, whose bytes have no frames that could be seen to be torn.
TEST_F(ContainerLog, AHistoryThatEndsWithALineThatIsNoneIsAFailureAndNoGapWithoutAWord) {
  world.settings.logs.ring_size_bytes = 8'000;
  shop();
  add_lines(0, 900);
  const auto early = world.open_and_run(shop_logs);
  world.engine.history_ends_after = 100;
  world.engine.history_is_torn = true;
  const auto late = world.open_and_run(std::string(shop_logs) + "?tail=all");
  EXPECT_EQ(late->ending(), "1011 the log's history ended early");
  EXPECT_EQ(late->frames.size(), 102U) << "what there was, what is none, and the error";
  EXPECT_FALSE(early->closed);
}

TEST_F(ContainerLog, AnEngineThatDoesNotAnswerIsAnErrorAnEngineWithoutTheContainerIsNot) {
  auto none = world.open_and_run(shop_logs);
  EXPECT_EQ(none->frames, std::vector<std::string>{R"({"error": "container not found"})"});
  EXPECT_EQ(none->ending(), "1000 container not found");
  world.engine.unavailable = true;
  auto dead = world.open_and_run(shop_logs);
  EXPECT_EQ(dead->frames, std::vector<std::string>{R"({"error": "docker engine unavailable"})"});
  EXPECT_EQ(dead->ending(), "1011 docker engine unavailable");
}

TEST_F(ContainerLog, AStuckViewerIsToldExactlyHowManyLinesItMissed) {
  world.settings.logs.ring_size_bytes = 4'000;
  shop();
  add_lines(0, 1);
  auto stuck = world.open(shop_logs);
  stuck->stuck = true;
  auto steady = world.open(shop_logs);
  world.run();
  for (int i = 1; i < 500; ++i) {
    add_lines(i, i + 1);
    world.run();
  }
  EXPECT_EQ(steady->lines(), numbers(0, 500));
  stuck->stuck = false;
  stuck->unstick();
  world.run();
  const auto seen = stuck->json();
  std::uint64_t skipped = 0;
  for (auto& f : seen) skipped += f.value("skipped", 0u);
  EXPECT_GT(skipped, 0u);
  EXPECT_EQ(seen.size() - 1 + skipped, 500u);
  EXPECT_EQ(seen.back()["line"], "499");
}

TEST_F(ContainerLog, TheStreamLingersAfterTheLastViewerThenStops) {
  shop();
  add_lines(0, 3);
  auto v = world.open_and_run(shop_logs);
  v->drop();
  world.advance(29s);
  EXPECT_EQ(world.engine.open_follows, 1u);
  auto back = world.open_and_run(shop_logs);
  EXPECT_EQ(world.engine.follows, 1u);
  EXPECT_EQ(back->lines(), numbers(0, 3));
  world.advance(5s);
  EXPECT_EQ(world.engine.open_follows, 1u) << "a viewer is there";
  back->drop();
  world.advance(31s);
  EXPECT_EQ(world.engine.open_follows, 0u);
  auto fresh = world.open_and_run(shop_logs);
  EXPECT_EQ(fresh->lines(), numbers(0, 3));
  EXPECT_EQ(world.engine.follows, 2u);
}

TEST_F(ContainerLog, WithoutAReplicaTheLowestThatRunsIsMeant) {
  world.engine.add("r1", "simpledeploy-shop", "web", 1).info.state = "exited";
  world.engine.add("r3", "simpledeploy-shop", "web", 3);
  world.engine.add("r2", "simpledeploy-shop", "web", 2);
  for (auto id : {"r1", "r2", "r3"}) world.engine.append(id, world.wall, id);
  EXPECT_EQ(world.open_and_run(shop_logs)->lines(), std::vector<std::string>{"r2"});
  EXPECT_EQ(world.open_and_run(std::string(shop_logs) + "?replica=3")->lines(),
            std::vector<std::string>{"r3"});
  EXPECT_EQ(world.engine.follows, 2u);
}

}  // namespace
}  // namespace spillway::actors::testing
