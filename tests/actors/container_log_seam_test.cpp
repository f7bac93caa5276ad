// History and live stream meet without a seam: random schedules, each replayed by its seed.
#include <random>

#include "actor_test.hpp"

namespace spillway::actors::testing {
namespace {

using namespace std::chrono_literals;

constexpr const char* watched_logs = "/api/apps/shop/logs";

/// Checks that the frames of a viewer of this tail are the numbered lines up to `last`, each once
/// and in order, but for those that skip notices count; says how many those are. Which line a tail
/// begins with depends on how far the stream has come; only `all` begins with the first.
std::uint64_t expect_no_gap(const fake_connection& v, std::string_view tail, int last,
                            const std::string& where) {
  std::optional<std::int64_t> previous;
  if (tail == "all") previous = -1;
  std::uint64_t skipped = 0;
  for (const auto& frame : v.json()) {
    if (frame.contains("skipped")) {
      const auto count = frame["skipped"].get<std::int64_t>();
      skipped += static_cast<std::uint64_t>(count);
      if (previous) *previous += count;
      continue;
    }
    const auto number = std::stoll(frame["line"].get<std::string>());
    EXPECT_EQ(number, previous.value_or(number - 1) + 1) << where;
    previous = number;
  }
  EXPECT_TRUE(previous || tail == "0") << where;
  EXPECT_EQ(previous.value_or(last), last) << where;
  return skipped;
}

/// Lines are written, viewers of every depth come and stall and go on, in any order of events.
std::uint64_t run_seam_schedule(std::uint64_t seed, std::size_t ring_bytes, bool stalls) {
  config::settings settings;
  settings.logs.ring_size_bytes = ring_bytes;
  settings.stream.window_bytes = 2'000;
  actor_world world(seed, settings);
  std::mt19937_64 rng(seed);
  world.engine.add("c1", "simpledeploy-shop");
  world.engine.chunk_lines = 1 + rng() % 40;
  int written = 0;
  std::vector<std::string> asked;
  auto write = [&](std::size_t n) {
    for (; n > 0; --n) {
      world.wall += 1us;
      world.engine.append("c1", world.wall, std::to_string(written++));
    }
  };
  write(1 + rng() % 1'500);
  for (int event = 0; event < 120; ++event) {
    switch (rng() % 4) {
      case 0:
        if (world.viewers.size() < 12) {
          constexpr const char* tails[] = {"0", "1", "50", "700", "1400", "3000", "all"};
          asked.push_back(tails[rng() % 7]);
          auto v = world.open(std::string(watched_logs) + "?tail=" + asked.back());
          v->stuck = stalls && rng() % 4 == 0;
          v->deflated = rng() % 2 == 0;
        }
        break;
      case 1:
        for (auto& v : world.viewers) v->unstick();
        break;
      default:
        write(rng() % 60);
    }
    for (auto steps = rng() % 80; steps > 0; --steps) world.step();
  }
  for (auto& v : world.viewers) v->stuck = false;
  for (auto& v : world.viewers) v->unstick();
  world.run();
  std::uint64_t skipped = 0;
  for (std::size_t i = 0; i < world.viewers.size(); ++i) {
    const auto& v = *world.viewers[i];
    EXPECT_FALSE(v.overlapped || v.broke_the_protocol);
    skipped += expect_no_gap(v, asked[i], written - 1, "seed " + std::to_string(seed));
  }
  return skipped;
}

TEST(ContainerLogSeam, NoLineIsLostOrDoubledUnderAnySchedule) {
  for (std::uint64_t seed = 1; seed <= 15 && !::testing::Test::HasFailure(); ++seed) {
    EXPECT_EQ(run_seam_schedule(seed, 4 << 20, true), 0u) << "seed " << seed;
  }
}

TEST(ContainerLogSeam, WhereTheRingMovesOnWhatIsMissedIsCountedExactly) {
  std::uint64_t skipped = 0;
  for (std::uint64_t seed = 1; seed <= 15 && !::testing::Test::HasFailure(); ++seed) {
    skipped += run_seam_schedule(seed, 8'000, true);
  }
  EXPECT_GT(skipped, 0u) << "no viewer was slow enough to miss anything";
}

/// A viewer comes just when the log retires, in any order of what happens then.
TEST(ContainerLogSeam, AViewerWhoComesWhenTheLogRetiresIsServedByAFreshOne) {
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    actor_world world(seed);
    world.engine.add("c1", "simpledeploy-shop");
    world.engine.append("c1", world.wall, "0");
    const auto first = world.open_and_run(watched_logs);
    first->drop();
    world.advance(29s);
    auto next = world.open(watched_logs);
    for (std::uint64_t i = 0; i < seed % 9; ++i) world.step();
    while (world.scheduler().clock().trigger_timeout()) world.step();
    world.run();
    EXPECT_FALSE(next->closed) << next->ending() << ", seed " << seed;
    EXPECT_EQ(next->lines(), std::vector<std::string>{"0"}) << "seed " << seed;
  }
}

/// A viewer comes while the stream lags far behind the log: its tail is newer than all of the ring.
TEST(ContainerLogSeam, ATailThatIsNewerThanTheRingIsMetByTheRing) {
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    config::settings settings;
    settings.logs.ring_size_bytes = seed % 2 ? 8'000 : 40'000;
    settings.stream.window_bytes = 2'000;
    actor_world world(seed, settings);
    world.engine.add("c1", "simpledeploy-shop");
    world.engine.chunk_lines = 10;
    int written = 0;
    auto write = [&](int n) {
      for (; n > 0; --n) {
        world.wall += 1us;
        world.engine.append("c1", world.wall, std::to_string(written++));
      }
    };
    write(100);
    auto early = world.open_and_run(watched_logs);
    write(3'000);
    for (std::uint64_t i = 0; i < seed; ++i) world.step();
    auto late = world.open(std::string(watched_logs) + "?tail=600");
    for (std::uint64_t i = 0; i < seed * 7; ++i) world.step();
    write(200);
    world.run();
    const std::string where = "seed " + std::to_string(seed);
    expect_no_gap(*late, "600", written - 1, where);
    if (::testing::Test::HasFailure()) break;
  }
}

}  // namespace
}  // namespace spillway::actors::testing
