// One piece of memory for all viewers who get the same, through publisher and session.
#include <set>

#include "actor_test.hpp"

namespace spillway::actors::testing {
namespace {

using namespace std::chrono_literals;

TEST(Sharing, AThousandViewersHalfOfThemCompressedShareOnePieceOfMemoryAHalf) {
  actor_world world;
  world.engine.add("c1", "simpledeploy-shop");
  int lines = 0;
  const auto print = [&] {
    world.engine.append("c1", world.wall += 1ms, "line " + std::to_string(lines++));
    world.run();
  };
  print();
  for (int i = 0; i < 1'000; ++i) world.open("/api/apps/shop/logs")->deflated = i % 2 != 0;
  world.run();
  print();
  std::set<const batch*> batches[2];
  std::set<const char*> places[2];
  std::set<std::shared_ptr<const void>> owners[2];
  for (const auto& v : world.viewers) {
    ASSERT_EQ(v->lines().size(), 2u);
    ASSERT_EQ(v->lines().back(), "line 1");
    ASSERT_EQ(v->deflated_frames(), v->deflated ? 2u : 0u);
    const auto& last = v->batches.back();
    ASSERT_EQ(last->frames, 1u);
    ASSERT_EQ(last->slices.size(), 1u);
    batches[v->deflated].insert(last.get());
    places[v->deflated].insert(last->slices.front().bytes.data());
    owners[v->deflated].insert(last->slices.front().owner);
  }
  for (const bool deflated : {false, true}) {
    EXPECT_EQ(batches[deflated].size(), 1u);
    EXPECT_EQ(places[deflated].size(), 1u);
    EXPECT_EQ(owners[deflated].size(), 1u);
  }
  EXPECT_NE(places[false], places[true]);
}

}  // namespace
}  // namespace spillway::actors::testing
