#include "client/process_log_position.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

namespace spillway::client {
namespace {

using lines = std::vector<std::string>;

/// What of a connection's lines is shown.
lines connection(process_log_position& position, const lines& sent) {
  lines shown;
  position.begin();
  for (const auto& line : sent)
    for (auto& fresh : position.take(line)) shown.push_back(std::move(fresh));
  return shown;
}

TEST(process_log_position, the_ring_is_skipped_as_far_as_it_was_had) {
  process_log_position position;
  EXPECT_EQ(connection(position, {"a", "b", "c"}), (lines{"a", "b", "c"}));
  EXPECT_EQ(connection(position, {"a", "b", "c", "d"}), lines{"d"});
  EXPECT_EQ(connection(position, {"c", "d", "e", "f"}), (lines{"e", "f"}));
  EXPECT_FALSE(position.keeps_back());
}

TEST(process_log_position, a_ring_that_has_gone_past_is_shown_whole) {
  process_log_position position;
  connection(position, {"a", "b", "c"});
  EXPECT_EQ(connection(position, {"f", "g"}), (lines{"f", "g"}));
}

TEST(process_log_position, another_server_that_begins_alike_is_shown_whole) {
  process_log_position position;
  connection(position, {"starting", "a", "b"});
  EXPECT_EQ(connection(position, {"starting", "a", "x"}), (lines{"starting", "a", "x"}));
}

TEST(process_log_position, equal_lines_are_told_apart_by_what_follows) {
  process_log_position position;
  connection(position, {"x", "x", "y", "x", "x"});
  EXPECT_EQ(connection(position, {"x", "x", "z"}), lines{"z"});
}

TEST(process_log_position, what_is_kept_back_for_nothing_is_shown_when_given_up) {
  process_log_position position;
  connection(position, {"a", "b", "c"});
  EXPECT_EQ(connection(position, {"a", "b"}), lines{});
  EXPECT_TRUE(position.keeps_back());
  EXPECT_EQ(position.give_up(), (lines{"a", "b"}));
  EXPECT_EQ(position.take("c"), lines{"c"});
}

TEST(process_log_position, a_cut_in_the_middle_of_the_ring_repeats_nothing) {
  process_log_position position;
  connection(position, {"a", "b", "c"});
  EXPECT_EQ(connection(position, {"a", "b"}), lines{});
  EXPECT_EQ(connection(position, {"a", "b", "c", "d"}), lines{"d"});
}

TEST(process_log_position, lines_that_were_skipped_stay_so_and_nothing_comes_twice) {
  process_log_position position;
  connection(position, {"a", "b"});
  position.note_gap(2);
  EXPECT_EQ(position.take("e"), lines{"e"});
  // A ring that has what was skipped, and one that begins within it.
  EXPECT_EQ(connection(position, {"a", "b", "c", "d", "e", "f"}), lines{"f"});
  EXPECT_EQ(connection(position, {"d", "e", "f", "g"}), lines{"g"});
}

TEST(process_log_position, only_so_many_lines_are_remembered) {
  process_log_position position(3);
  connection(position, {"a", "b", "c", "d"});
  EXPECT_EQ(connection(position, {"b", "c", "d", "e"}), lines{"e"});
  EXPECT_EQ(connection(position, {"a", "b"}), (lines{"a", "b"}));
}

TEST(process_log_position, whatever_cuts_the_stream_each_line_is_shown_once) {
  for (unsigned seed = 0; seed < 300; ++seed) {
    std::mt19937 random(seed);
    constexpr std::size_t ring = 50;
    process_log_position position;
    lines log;
    lines shown;
    for (int round = 0; round < 30; ++round) {
      // Less than the ring holds, else lines are missed indeed. Numbers keep lines apart; some of
      // them are the same everywhere.
      for (auto count = random() % 20; count > 0; --count)
        log.push_back(random() % 4 == 0 ? "same" : std::to_string(log.size()));
      // A ring that begins with lines that are all alike could not be placed.
      auto begin = log.size() > ring ? log.size() - ring : 0;
      const lines sent(log.begin() + static_cast<long>(begin), log.end());
      const auto cut = round == 29 ? sent.size() : random() % (sent.size() + 1);
      for (auto& line : connection(position, {sent.begin(), sent.begin() + static_cast<long>(cut)}))
        shown.push_back(std::move(line));
      // What the next ring no longer holds must have been had.
      if (log.size() > shown.size() + ring - 20)
        for (auto& line : connection(position, sent)) shown.push_back(std::move(line));
    }
    ASSERT_EQ(shown, log) << "seed " << seed;
  }
}

}  // namespace
}  // namespace spillway::client
