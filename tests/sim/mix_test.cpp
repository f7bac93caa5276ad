#include "sim/viewers/mix.hpp"

#include <gmock/gmock.h>

#include <algorithm>

namespace spillway::sim {
namespace {

using behaviour_mix = mix<behaviour>;

TEST(mix, reads_shares_by_name) {
  const auto read = behaviour_mix::parse("steady=70,rude=30", behaviour_names);
  ASSERT_TRUE(read) << read.error();
  EXPECT_EQ(read->share(behaviour::steady), 70U);
  EXPECT_EQ(read->share(behaviour::rude), 30U);
  EXPECT_EQ(read->share(behaviour::slow), 0U);
  EXPECT_EQ(read->sum(), 100U);
}

TEST(mix, says_what_is_allowed) {
  for (const char* text : {"", "steady", "steady=", "steady=-1", "steady=x", "lazy=5", "steady=0",
                           "steady=1,,slow=1", "steady=99999999999"}) {
    const auto read = behaviour_mix::parse(text, behaviour_names);
    ASSERT_FALSE(read) << text;
    EXPECT_THAT(read.error(), ::testing::HasSubstr("steady, slow, stuck, rude, flapping, revoked"));
  }
}

TEST(mix, gives_every_beginning_its_shares) {
  const auto read = behaviour_mix::parse("steady=70,slow=20,rude=10", behaviour_names);
  const auto spread = read->spread(100);
  const auto count = [&](behaviour kind, std::size_t first) {
    return std::count(spread.begin(), spread.begin() + static_cast<std::ptrdiff_t>(first), kind);
  };
  EXPECT_EQ(count(behaviour::steady, 100), 70);
  EXPECT_EQ(count(behaviour::slow, 100), 20);
  EXPECT_EQ(count(behaviour::rude, 100), 10);
  EXPECT_EQ(count(behaviour::steady, 10), 7);
  EXPECT_EQ(count(behaviour::rude, 10), 1);
}

TEST(mix, draws_only_kinds_that_have_a_share) {
  const auto read = mix<stream_kind>::parse("logs=1,process-logs=1", stream_names);
  draws random(1);
  int logs = 0;
  for (int i = 0; i < 1'000; ++i) {
    const auto kind = read->draw(random);
    EXPECT_NE(kind, stream_kind::deploy_logs);
    logs += kind == stream_kind::logs ? 1 : 0;
  }
  EXPECT_GT(logs, 400);
  EXPECT_LT(logs, 600);
}

}  // namespace
}  // namespace spillway::sim
