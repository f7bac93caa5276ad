// History and live lines meet while the container writes on: no line missing, none twice.
#include <random>

#include "system/fixture.hpp"

namespace spillway::system_test {
namespace {

/// Viewers join a container that writes numbered lines, at random moments, with random tails; every
/// one of them must see every line from its first to the last.
void viewers_join_at_random(const server& spillway, const std::string& slug, long first_live,
                            long last, const std::vector<std::string>& tails) {
  const auto seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  const auto witness = spillway.watch(logs(slug, "tail=all"));
  std::vector<long> moments;
  for (std::size_t i = 0; i < tails.size(); ++i)
    moments.push_back(std::uniform_int_distribution<long>(first_live, last - 50)(random));
  std::sort(moments.begin(), moments.end());
  std::vector<std::unique_ptr<viewer>> joined;
  for (std::size_t i = 0; i < tails.size(); ++i) {
    ASSERT_TRUE(witness->wait_for_count(static_cast<std::size_t>(moments[i])));
    joined.push_back(spillway.watch(logs(slug, "tail=" + tails[i])));
  }
  expect_ending(*witness, 1000, "container exited");
  expect_consecutive(line_numbers(witness->frames()), 1);
  EXPECT_EQ(witness->count(), static_cast<std::size_t>(last));
  for (std::size_t i = 0; i < joined.size(); ++i) {
    SCOPED_TRACE("tail " + tails[i] + ", joined at about line " + std::to_string(moments[i]));
    expect_ending(*joined[i], 1000, "container exited");
    const auto numbers = line_numbers(joined[i]->frames());
    ASSERT_FALSE(numbers.empty());
    expect_consecutive(numbers, tails[i] == "all" ? 1 : numbers.front());
    EXPECT_EQ(numbers.back(), last);
    // `tail` lines of history at least, as far as there were so many.
    if (tails[i] != "all" && tails[i] != "0") {
      EXPECT_LE(numbers.front(), std::max(1L, last - std::stol(tails[i]) + 1));
    }
  }
}

TEST(logs_seam, viewers_join_at_500_lines_a_second_without_gap_or_double) {
  SPILLWAY_NEEDS_ENGINE();
  const server spillway;
  spillway.deploy("seam", web_app(numbered_lines(2000)));
  viewers_join_at_random(spillway, "seam", 1, 2000,
                         {"all", "0", "50", "all", "100", "1", "all", "500", "all", "0"});
}

TEST(logs_seam, it_holds_where_the_history_is_deeper_than_the_ring) {
  SPILLWAY_NEEDS_ENGINE();
  const server spillway(setting_values{{"logs.ring_size", "256KiB"}});
  // 20,000 lines are more than four rings; then the flow goes on at 500 a second.
  const std::string flood = "i=0; while [ $i -lt 20000 ]; do i=$((i+1)); echo line $i; done; ";
  std::string flow = numbered_lines(21'500);
  flow.erase(0, flow.find("while"));
  spillway.deploy("deep", web_app(flood + flow));
  // A viewer of the flood itself may be told that it missed some of it.
  const auto of_flow = spillway.watch(logs("deep", "tail=1"));
  ASSERT_TRUE(of_flow->wait_for_text("line 20100\""));
  viewers_join_at_random(spillway, "deep", 20'000, 21'500,
                         {"all", "15000", "all", "10", "20000", "all"});
}

}  // namespace
}  // namespace spillway::system_test
