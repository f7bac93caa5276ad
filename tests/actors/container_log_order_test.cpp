// Lines stay in order and complete where time, size and failures conspire against it.
#include "actor_test.hpp"

namespace spillway::actors::testing {
namespace {

using namespace std::chrono_literals;

constexpr const char* web_logs = "/api/apps/shop/logs";

class ContainerLogOrder : public ::testing::Test {
 protected:
  static config::settings small_ring() {
    config::settings s;
    s.logs.ring_size_bytes = 2'000;
    s.stream.window_bytes = 500;
    return s;
  }
  void SetUp() override { world.engine.add("c1", "simpledeploy-shop"); }

  void add(int from, int to, std::chrono::nanoseconds apart = 1ms) {
    for (int i = from; i < to; ++i)
      world.engine.append("c1", world.wall += apart, std::to_string(i));
  }
  void add_at(protocol::timestamp at, int number) {
    world.engine.append("c1", at, std::to_string(number));
  }
  static std::vector<std::string> numbers(int from, int to) {
    std::vector<std::string> out;
    for (int i = from; i < to; ++i) out.push_back(std::to_string(i));
    return out;
  }
  std::shared_ptr<fake_connection> open(const std::string& query) {
    return world.open(std::string(web_logs) + "?" + query);
  }
  static std::string at(protocol::timestamp t) { return protocol::format_rfc3339_nano(t); }
  template <class Condition>
  void step_until(Condition holds) {
    while (!holds() && world.step()) {
    }
    ASSERT_TRUE(holds());
  }
  /// Lines, and what notices count, are the numbers up to `end`.
  static void expect_all_told(const fake_connection& v, int first, int end) {
    std::int64_t next = first;
    for (const auto& frame : v.json()) {
      if (frame.contains("skipped")) {
        next += frame["skipped"].get<std::int64_t>();
      } else {
        ASSERT_EQ(frame["line"], std::to_string(next));
        ++next;
      }
    }
    EXPECT_EQ(next, end);
  }

  actor_world world{1, small_ring()};
};

TEST_F(ContainerLogOrder, AFloodWhileTheHistoryIsReadLeavesNoPartOfALineInTheRing) {
  world.engine.parts = 2;
  add(0, 50);
  auto v = open("tail=1");
  step_until([&] { return world.engine.follows == 1; });
  add(50, 250);
  world.run();
  ASSERT_FALSE(v->frames.empty());
  const auto first = std::stoi(v->lines().front());
  expect_all_told(*v, first, 250);
}

TEST(ContainerLogOrderOfAnExit, AContainerThatExitedBeforeItsLogWasReadShowsNoPartOfALine) {
  actor_world world;
  world.engine.add("c1", "simpledeploy-shop");
  world.engine.parts = 2;
  for (int i = 0; i < 600; ++i) world.engine.append("c1", world.wall += 1ms, std::to_string(i));
  world.engine.lost_at_exit = 1;
  world.engine.exit("c1");
  const auto v = world.open_and_run(std::string(web_logs) + "?tail=all");
  const auto lines = v->lines();
  ASSERT_EQ(lines.size(), 600u);
  for (int i = 0; i < 600; ++i) ASSERT_EQ(lines[static_cast<std::size_t>(i)], std::to_string(i));
  EXPECT_EQ(v->ending(), "1000 container exited");
}

TEST_F(ContainerLogOrder, ALineOfWhichTheStreamBroughtABeginningIsShownOnceAndWhole) {
  world.engine.ends_within_a_line = true;
  world.engine.lost_at_exit = 2;
  add(0, 10);
  auto v = world.open_and_run(web_logs);
  add(10, 20);
  world.engine.exit("c1");
  world.run();
  expect_all_told(*v, 0, 20);
  EXPECT_EQ(v->ending(), "1000 container exited");
}

TEST_F(ContainerLogOrder, OfALineThatWentWithItsContainerTheBeginningIsShown) {
  world.engine.ends_within_a_line = true;
  world.engine.lost_at_exit = 2;
  add(0, 10);
  auto v = world.open_and_run(web_logs);
  add(10, 20);
  world.engine.removed_at_exit = true;
  world.engine.exit("c1");
  world.run();
  ASSERT_FALSE(v->frames.empty());
  EXPECT_EQ(v->lines().back(), "the beginning of 18");
  EXPECT_EQ(v->ending(), "1000 container exited");
}

TEST_F(ContainerLogOrder, WhereTheLastLinesOfAContainerCannotBeReadItsStreamHasFailed) {
  add(0, 10);
  auto v = world.open_and_run(web_logs);
  add(10, 12);
  world.run();
  world.engine.exit("c1");
  world.engine.unavailable = true;
  world.run();
  EXPECT_EQ(v->ending(), "1011 docker engine unavailable");
}

TEST_F(ContainerLogOrder, WhoFallsBehindAClockThatIsSetBackStillGetsEveryLine) {
  add(0, 100);
  const auto keeps_it_open = world.open_and_run(web_logs);
  auto v = open("tail=all");
  v->stuck = true;
  world.run();
  world.wall -= 100s;
  add(100, 150);
  for (int end = 180; end <= 600; end += 30) {
    v->unstick();
    world.run();
    add(end - 30, end);
  }
  v->stuck = false;
  v->unstick();
  world.run();
  EXPECT_EQ(v->lines(), numbers(0, 600));
}

TEST_F(ContainerLogOrder, TheLastLinesOfAContainerAreReadAlsoWhereItsClockWasSetBack) {
  add(0, 10);
  auto v = world.open_and_run(web_logs);
  world.engine.lost_at_exit = 2;
  // Neither is read before the exit: both reads of the stream are on their way.
  world.wall -= 100s;
  world.engine.containers.at("c1").log.push_back({world.wall, "10"});
  world.engine.containers.at("c1").log.push_back({world.wall, "11"});
  world.engine.exit("c1");
  world.run();
  EXPECT_EQ(v->lines(), numbers(0, 12));
  EXPECT_EQ(v->ending(), "1000 container exited");
}

TEST_F(ContainerLogOrder, AnExitIsToldBeforeAnyLineOfTheNextRun) {
  add(0, 10);
  auto v = world.open_and_run(web_logs);
  // Two lines of this run and two of the next, of which the stream brings none.
  world.engine.lost_at_exit = 4;
  auto& c = world.engine.containers.at("c1");
  c.ended = ended_run{world.wall - 1h, world.wall + 5ms};
  c.next_run = world.wall + 50ms;
  for (const auto& [text, later] : {std::pair{"10", 1ms}, {"11", 9ms}, {"12", 90ms}, {"13", 99ms}})
    c.log.push_back({world.wall + later, text});
  world.engine.exit("c1");
  world.run();
  EXPECT_EQ(v->lines(), numbers(0, 12));
  EXPECT_EQ(v->ending(), "1000 container exited");
}

TEST_F(ContainerLogOrder, LinesThatSinceLeavesOutDoNotRepeatOthersAtTheSeam) {
  add(0, 60, 1s);
  const auto since = world.wall + 1s;
  for (int i = 60; i < 160; ++i) {
    world.wall += 1s;
    // Every tenth is stamped as if it came before.
    add_at(i % 10 == 5 ? since - 1ms : world.wall, i);
  }
  const auto keeps_it_open = world.open_and_run(web_logs);
  auto v = open("tail=all&since=" + at(since));
  world.run();
  long last = 59;
  for (const auto& line : v->lines()) {
    const long number = std::stol(line);
    EXPECT_GT(number, last);
    EXPECT_LE(number - last, 2);
    last = number;
  }
  EXPECT_EQ(last, 159);
}

TEST_F(ContainerLogOrder, ARingWhoseFirstLineIsStampedEarlyDoesNotHideThoseBefore) {
  add(0, 100, 1s);
  const auto keeps_it_open = world.open_and_run(web_logs);
  // The ring begins at one of these; whichever it is, those before it are newer than `since`.
  const auto since = world.wall + 1'000ms;
  world.wall += 1'500ms;
  for (int i = 100; i < 200; ++i) add_at(i < 110 ? world.wall : since - 100ms, i);
  world.run();
  auto v = open("tail=all&since=" + at(since));
  world.run();
  const auto lines = v->lines();
  ASSERT_GE(lines.size(), 10u);
  EXPECT_EQ(std::vector<std::string>(lines.begin(), lines.begin() + 10), numbers(100, 110));
}

TEST_F(ContainerLogOrder, NoLineIsOlderThanSinceForAViewerWhoWaitedForTheFirst) {
  const auto since = world.wall + 5s;
  auto without_history = open("tail=0&since=" + at(since));
  auto with_history = open("tail=5&since=" + at(since));
  world.run();
  world.wall = since + 1s;
  add_at(since - 2s, 0);
  add_at(since - 1s, 1);
  world.run();
  add_at(since + 2s, 2);
  world.run();
  EXPECT_EQ(without_history->lines(), numbers(2, 3));
  EXPECT_EQ(with_history->lines(), numbers(2, 3));
}

TEST_F(ContainerLogOrder, ATailWhoseReadFailsShowsNoOtherLinesInstead) {
  world.engine.chunk_lines = 1;
  add(0, 300);
  auto v = open("tail=100&follow=false");
  step_until([&] { return world.engine.histories == 1; });
  for (int i = 0; i < 10; ++i) world.step();
  world.engine.unavailable = true;
  world.run();
  EXPECT_EQ(v->ending(), "1011 docker engine unavailable");
  ASSERT_EQ(v->frames.size(), 1u) << v->frames.front();
  EXPECT_TRUE(v->json()[0].contains("error"));
}

TEST_F(ContainerLogOrder, ATailThatIsRotatedWhileItIsCountedIsWhatIsLeftOfIt) {
  // Too large to be held until it is known which lines count.
  add(0, 300);
  world.engine.chunk_lines = 10;
  auto v = open("tail=200&follow=false");
  step_until([&] { return world.engine.histories == 1; });
  for (int i = 0; i < 5; ++i) world.step();
  world.engine.containers.at("c1").kept_from = 150;
  world.run();
  EXPECT_EQ(v->lines(), numbers(150, 300));
  EXPECT_EQ(v->ending(), "1000 end of history");
}

TEST_F(ContainerLogOrder, WhoComesWhileTheLastLifeIsBeingReadWatchesTheNext) {
  world.engine.chunk_lines = 1;
  add(0, 10);
  auto of_last_life = world.open_and_run(web_logs);
  const auto read_before = world.engine.histories;
  world.engine.exit("c1");
  step_until([&] { return world.engine.histories > read_before; });
  world.engine.containers.at("c1").exited = false;
  auto v = open("tail=all");
  world.run();
  EXPECT_EQ(of_last_life->ending(), "1000 container exited");
  EXPECT_FALSE(v->closed) << v->ending();
  add(10, 12);
  world.run();
  EXPECT_EQ(v->lines(), numbers(0, 12));
}

/// The stream lags behind the log, and the tail that is read meanwhile ends with a line that is
/// stamped a little early, as stderr may be.
TEST_F(ContainerLogOrder, ATailThatEndsWithAnEarlyStampIsNotTakenForOld) {
  for (std::uint64_t seed = 1; seed <= 100 && !HasFailure(); ++seed) {
    actor_world lagging(seed, small_ring());
    lagging.engine.add("c1", "simpledeploy-shop");
    lagging.engine.chunk_lines = 5;
    int written = 0;
    auto write = [&](int n, std::chrono::nanoseconds early = {}) {
      for (; n > 0; --n) {
        lagging.wall += 1us;
        lagging.engine.append("c1", lagging.wall - early, std::to_string(written++));
      }
    };
    write(100);
    const auto keeps_it_open = lagging.open_and_run(web_logs);
    write(1'000);
    write(1, 500ms);
    for (std::uint64_t i = 0; i < seed; ++i) lagging.step();
    const auto v = lagging.open(std::string(web_logs) + "?tail=40");
    for (std::uint64_t i = 0; i < seed * 7; ++i) lagging.step();
    write(200);
    lagging.run();
    ASSERT_FALSE(v->frames.empty());
    expect_all_told(*v, std::stoi(v->lines().front()), written);
  }
}

}  // namespace
}  // namespace spillway::actors::testing
