// The live tree, and what the streams have carried.
#include "actor_test.hpp"

namespace spillway::actors::testing {
namespace {

using namespace std::chrono_literals;

constexpr const char* shop_logs = "/api/apps/shop/logs";
constexpr const char* shop_deploys = "/api/apps/shop/deploy-logs";

class StreamsReport : public ::testing::Test {
 protected:
  streams_report report() {
    std::optional<streams_report> got;
    caf::anon_send(world.root, report_streams{{[&](streams_report r) { got = std::move(r); }, {}}});
    world.run();
    EXPECT_TRUE(got);
    return got.value_or(streams_report{});
  }
  static const publisher_report& of(const streams_report& all, stream_kind kind) {
    static const publisher_report none;
    const auto found = std::ranges::find(all.publishers, kind, &publisher_report::kind);
    EXPECT_NE(found, all.publishers.end());
    return found == all.publishers.end() ? none : *found;
  }
  void add_lines(int count) {
    for (int i = 0; i < count; ++i) world.engine.append("c1", world.wall += 1ms, "line");
    world.run();
  }

  actor_world world;
};

TEST_F(StreamsReport, HasTheProcessLogAloneWhereNobodyWatches) {
  const auto all = report();
  ASSERT_EQ(all.publishers.size(), 1U);
  EXPECT_EQ(all.publishers[0].kind, stream_kind::process);
  EXPECT_EQ(all.publishers[0].key, "process");
  EXPECT_EQ(all.publishers[0].state, "following");
  EXPECT_EQ(all.viewers, 0U);
}

TEST_F(StreamsReport, NamesAContainersAppServiceAndViewers) {
  world.engine.add("c1", "simpledeploy-shop", "web", 2);
  world.from.who.user = "anna";
  world.from.address = boost::asio::ip::make_address("192.0.2.1");
  const auto opened_at = world.wall;
  world.open_and_run(shop_logs);
  add_lines(3);
  const auto all = report();
  const auto& log = of(all, stream_kind::container);
  EXPECT_EQ(log.key, "container:c1");
  EXPECT_EQ(log.app, "shop");
  EXPECT_EQ(log.service, "web");
  EXPECT_EQ(log.replica, 2U);
  EXPECT_EQ(log.state, "following");
  EXPECT_EQ(log.ring.lines, 3U);
  EXPECT_GT(log.ring.bytes, 3U);
  EXPECT_EQ(log.ring.capacity_bytes, world.settings.logs.ring_size_bytes);
  ASSERT_EQ(log.viewers.size(), 1U);
  EXPECT_EQ(log.viewers[0].user, "anna");
  EXPECT_EQ(log.viewers[0].address, "192.0.2.1");
  EXPECT_EQ(log.viewers[0].opened_at, opened_at);
  EXPECT_EQ(log.viewers[0].state, "live");
  EXPECT_EQ(log.viewers[0].lag_lines, 0U);
  EXPECT_FALSE(log.viewers[0].writing_for);
  EXPECT_EQ(all.viewers, 1U);
}

TEST_F(StreamsReport, TellsHowFarAStuckViewerLagsAndWhatItMissed) {
  world.settings.logs.ring_size_bytes = 4'000;
  world.engine.add("c1", "simpledeploy-shop");
  add_lines(1);
  auto v = world.open_and_run(shop_logs);
  v->stuck = true;
  add_lines(1);
  add_lines(4);
  auto all = report();
  ASSERT_EQ(of(all, stream_kind::container).viewers.size(), 1U);
  EXPECT_EQ(of(all, stream_kind::container).viewers[0].lag_lines, 4U);
  EXPECT_TRUE(of(all, stream_kind::container).viewers[0].writing_for);
  add_lines(1'000);
  v->stuck = false;
  v->unstick();
  world.run();
  all = report();
  const auto& viewer = of(all, stream_kind::container).viewers[0];
  EXPECT_EQ(viewer.lag_lines, 0U);
  EXPECT_GT(viewer.skipped_lines, 900U);
  EXPECT_FALSE(viewer.writing_for);
  EXPECT_EQ(world.deps.meters->of(stream_kind::container).lines_skipped, viewer.skipped_lines);
}

TEST_F(StreamsReport, ShowsWhoWaitsForADeployAndWhoWatchesOne) {
  const auto waits = world.open_and_run(shop_deploys);
  auto all = report();
  EXPECT_EQ(of(all, stream_kind::deploy).app, "shop");
  EXPECT_EQ(of(all, stream_kind::deploy).state, "idle");
  ASSERT_EQ(of(all, stream_kind::deploy).viewers.size(), 1U);
  EXPECT_EQ(of(all, stream_kind::deploy).viewers[0].state, "waiting");
  world.start_run("shop", {{"up", {"up", "-d"}}});
  world.run();
  world.compose.last().print("Creating web");
  world.run();
  all = report();
  EXPECT_EQ(of(all, stream_kind::deploy).state, "running");
  EXPECT_EQ(of(all, stream_kind::deploy).deploy_id, "d1");
  EXPECT_EQ(of(all, stream_kind::deploy).ring.lines, 1U);
  ASSERT_EQ(of(all, stream_kind::deploy).viewers.size(), 1U);
  EXPECT_EQ(of(all, stream_kind::deploy).viewers[0].state, "live");
}

TEST_F(StreamsReport, IsAnsweredThoughAPublisherDiesMeanwhile) {
  world.engine.add("c1", "simpledeploy-shop");
  world.engine.throws_on_open = true;
  world.open(shop_logs);
  std::optional<streams_report> got;
  for (int i = 0; i < 200 && !got; ++i) {
    caf::anon_send(world.root, report_streams{{[&](streams_report r) { got = std::move(r); }, {}}});
    world.step();
  }
  world.run();
  EXPECT_TRUE(got);
}

TEST_F(StreamsReport, MetersCountWhatComesInAndWhatGoesOut) {
  world.engine.add("c1", "simpledeploy-shop");
  const auto one = world.open_and_run(shop_logs);
  const auto two = world.open_and_run(shop_logs);
  add_lines(10);
  const auto totals = world.deps.meters->of(stream_kind::container);
  EXPECT_EQ(totals.lines_in, 10U);
  EXPECT_EQ(totals.lines_out, 20U);
  EXPECT_GT(totals.bytes_out, totals.bytes_in);
  EXPECT_EQ(totals.lines_skipped, 0U);
  world.engine.exit("c1");
  world.run();
  EXPECT_EQ(world.deps.meters->ends_by(end_cause::container_exited), 2U);
  EXPECT_EQ(world.deps.meters->ends_by(end_cause::source_failed), 0U);
  EXPECT_EQ(world.deps.meters->of(stream_kind::process).lines_out, 0U);
}

}  // namespace
}  // namespace spillway::actors::testing
