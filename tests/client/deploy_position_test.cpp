#include "client/deploy_position.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

namespace spillway::client {
namespace {

std::vector<std::string> taken(deploy_position& position, const std::vector<std::string>& replay) {
  std::vector<std::string> fresh;
  position.begin();
  for (const auto& frame : replay)
    if (position.take(frame)) fresh.push_back(frame);
  return fresh;
}

using frames = std::vector<std::string>;

TEST(deploy_position, a_replay_shows_only_what_was_not_had) {
  deploy_position position;
  EXPECT_EQ(taken(position, {"a", "b"}), (frames{"a", "b"}));
  EXPECT_EQ(taken(position, {"a", "b", "b", "c"}), (frames{"b", "c"}));
  EXPECT_EQ(taken(position, {"a"}), frames{});
  EXPECT_EQ(taken(position, {"a", "b", "b", "c", "d"}), frames{"d"});
}

TEST(deploy_position, a_transcript_that_lost_its_end_is_shown_from_where_it_differs) {
  deploy_position position;
  taken(position, {"a", "b", "c"});
  EXPECT_EQ(taken(position, {"a", "the server stopped"}), frames{"the server stopped"});
}

TEST(deploy_position, another_deploy_is_shown_whole) {
  deploy_position position;
  taken(position, {"a", "b", "c"});
  EXPECT_EQ(taken(position, {"x", "b", "c"}), (frames{"x", "b", "c"}));
}

TEST(deploy_position, whatever_cuts_the_stream_each_frame_is_shown_once) {
  for (unsigned seed = 0; seed < 200; ++seed) {
    std::mt19937 random(seed);
    frames all;
    for (int i = 0; i < 100; ++i) all.push_back("frame " + std::to_string(random() % 4));
    deploy_position position;
    frames shown;
    while (shown.size() < all.size()) {
      const auto cut = static_cast<long>(random() % (all.size() + 1));
      for (auto& frame : taken(position, {all.begin(), all.begin() + cut}))
        shown.push_back(std::move(frame));
    }
    ASSERT_EQ(shown, all) << "seed " << seed;
  }
}

}  // namespace
}  // namespace spillway::client
