#include "net/viewer_limits.hpp"

#include <gtest/gtest.h>

namespace spillway::net {
namespace {

TEST(viewer_limits, counts_by_user_and_in_all_and_gives_places_back) {
  auto limits = std::make_shared<viewer_limits>(3, 2);
  auto a1 = limits->acquire("ann");
  auto a2 = limits->acquire("ann");
  ASSERT_TRUE(a1 && a2);
  EXPECT_EQ(limits->acquire("ann").error(), limit_reached::user);
  auto b = limits->acquire("bob");
  ASSERT_TRUE(b);
  EXPECT_EQ(limits->acquire("eve").error(), limit_reached::server);
  EXPECT_EQ(limits->count(), 3u);
  a1->reset();
  EXPECT_EQ(limits->count(), 2u);
  EXPECT_TRUE(limits->acquire("ann").has_value());
}

TEST(viewer_limits, a_ticket_may_outlive_the_limits) {
  auto limits = std::make_shared<viewer_limits>(1, 1);
  auto ticket = limits->acquire("ann");
  limits.reset();
  ticket->reset();
}

}  // namespace
}  // namespace spillway::net
