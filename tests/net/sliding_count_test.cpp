#include "net/sliding_count.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <random>

namespace spillway::net {
namespace {

using namespace std::chrono_literals;

using count_time = sliding_count::time_point;

TEST(sliding_count, counts_the_window_that_ends_now) {
  const config::rate limit{3, 60s};
  const count_time start{};
  sliding_count count;
  count.add(start, limit);
  count.add(start + 50s, limit);
  EXPECT_EQ(count.within(start + 59s, limit), 2u);
  EXPECT_EQ(count.within(start + 60s, limit), 1u);
  EXPECT_EQ(count.within(start + 110s, limit), 0u);
}

TEST(sliding_count, has_room_again_when_the_oldest_leaves_the_window) {
  const config::rate limit{2, 60s};
  const count_time start{};
  sliding_count count;
  count.add(start, limit);
  EXPECT_EQ(count.room_at(start + 1s, limit), start + 1s);
  count.add(start + 50s, limit);
  EXPECT_EQ(count.room_at(start + 51s, limit), start + 60s);
  count.add(start + 52s, limit);
  EXPECT_EQ(count.room_at(start + 52s, limit), start + 110s) << "two of three have to go";
  EXPECT_EQ(count.within(start + 110s, limit), 1u);
}

TEST(sliding_count, never_lets_more_through_in_any_window_however_large_the_limit) {
  for (std::uint32_t most : {1u, 5u, 32u, 33u, 1000u}) {
    const config::rate limit{most, 60s};
    std::mt19937 random(most);
    sliding_count count;
    std::deque<count_time> passed;
    std::size_t in_all = 0;
    count_time now{};
    for (int i = 0; i < 20'000; ++i) {
      now += std::chrono::milliseconds(random() % (120'000 / most));
      if (count.room_at(now, limit) > now) continue;
      count.add(now, limit);
      ++in_all;
      passed.push_back(now);
      while (now - passed.front() >= 60s) passed.pop_front();
      ASSERT_LE(passed.size(), most);
    }
    EXPECT_GE(in_all, most);
  }
}

}  // namespace
}  // namespace spillway::net
