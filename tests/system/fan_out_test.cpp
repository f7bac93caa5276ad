// Many viewers of one container: one Engine stream, and nobody waits for a stuck one.
#include "system/engine_proxy.hpp"
#include "system/fixture.hpp"

namespace spillway::system_test {
namespace {

TEST(fan_out, twenty_viewers_cost_the_engine_one_stream) {
  SPILLWAY_NEEDS_ENGINE();
  const temp_dir directory;
  const engine_proxy proxy(*docker_host(), directory / "engine.sock");
  const server spillway(setting_values{{"docker.host", proxy.url()}});
  spillway.deploy("crowd", web_app(numbered_lines(1'000'000)));
  const auto id = engine(*docker_host()).container(spillway.project("crowd"), "web");
  ASSERT_FALSE(id.empty());
  std::vector<std::unique_ptr<viewer>> viewers;
  for (int i = 0; i < 20; ++i) {
    viewers.push_back(spillway.watch(logs("crowd", i % 2 ? "tail=10" : "tail=all"),
                                     {.headers = {}, .offer_compression = i % 3 == 0}));
    ASSERT_TRUE(viewers.back()->wait_for_count(20));
  }
  EXPECT_EQ(proxy.followed_logs(id), 1U);
  for (const auto& each : viewers) {
    ASSERT_TRUE(each->wait_for_count(each->count() + 100)) << "the stream goes on for everyone";
    const auto numbers = line_numbers(each->frames());
    expect_consecutive(numbers, numbers.front());
  }
  EXPECT_EQ(proxy.followed_logs(id), 1U);
}

TEST(fan_out, a_viewer_that_comes_back_within_the_linger_finds_the_same_engine_stream) {
  SPILLWAY_NEEDS_ENGINE();
  const temp_dir directory;
  const engine_proxy proxy(*docker_host(), directory / "engine.sock");
  const server spillway({{"docker.host", proxy.url()}, {"logs.linger", "1h"}});
  spillway.deploy("app", web_app(numbered_lines(1'000'000)));
  const auto id = engine(*docker_host()).container(spillway.project("app"), "web");
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(spillway.watch(logs("app"))->wait_for_count(10));
  EXPECT_EQ(proxy.followed_logs(id), 1U);
}

TEST(fan_out, a_stuck_viewer_delays_nobody_costs_no_memory_and_is_told_what_it_missed) {
  SPILLWAY_NEEDS_ENGINE();
  constexpr long lines = 150'000;
  const server spillway(setting_values{{"stream.stall_timeout", "1h"}});
  // Lines of 128 bytes: 19 MB, far more than ring, window and socket buffers hold.
  const auto flood =
      "usleep 500000; yes $(printf %0127d 7) | head -n " + std::to_string(lines) + "; echo the end";
  spillway.deploy("flood", web_app(flood + stay));
  const auto stuck = spillway.watch(logs("flood", "tail=all"),
                                    {.headers = {}, .paused = true, .receive_buffer_bytes = 4096});
  const auto before = spillway.resident_bytes();
  std::vector<std::unique_ptr<viewer>> quick;
  for (int i = 0; i < 3; ++i) quick.push_back(spillway.watch(logs("flood", "tail=all")));
  for (const auto& each : quick) ASSERT_TRUE(each->wait_for_text("the end", 2 * patience));
  EXPECT_LT(spillway.resident_bytes(), before + (64U << 20));

  stuck->resume();
  ASSERT_TRUE(stuck->wait_for_text("the end"));
  std::uint64_t received = 0;
  std::uint64_t skipped = 0;
  for (const auto& frame : stuck->frames()) {
    const auto notice = text_of(frame, "skipped");
    if (notice.empty()) {
      ++received;
      continue;
    }
    skipped += std::stoull(notice);
    EXPECT_EQ(keys_of(frame), (std::vector<std::string>{"ts", "stream", "line", "skipped"}));
    EXPECT_EQ(text_of(frame, "line"),
              "[spillway] " + notice + " lines skipped, this viewer is too slow");
  }
  EXPECT_GT(skipped, 0U);
  EXPECT_EQ(received + skipped, static_cast<std::uint64_t>(lines + 1));
}

}  // namespace
}  // namespace spillway::system_test
