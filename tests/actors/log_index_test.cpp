#include "actors/log_index.hpp"

#include <gtest/gtest.h>

namespace spillway::actors {
namespace {

using namespace std::chrono_literals;

constexpr protocol::timestamp noon{std::chrono::hours(480'000)};

/// Line N came N milliseconds after noon and has the identity 1000 * N.
protocol::log_line line(std::uint64_t n) {
  return {.at = noon + n * 1ms, .text = {}, .identity = 1000 * n};
}

log_index filled(std::uint64_t lines) {
  log_index index;
  for (std::uint64_t n = 0; n < lines; ++n) index.push(line(n).at, line(n).identity);
  return index;
}

TEST(log_index, finds_every_line_and_no_other) {
  const auto index = filled(3'000);
  for (std::uint64_t n = 0; n < 3'000; ++n) {
    ASSERT_EQ(index.find(line(n)), n);
    ASSERT_EQ(index.at(n), line(n).at);
    ASSERT_EQ(index.identity(n), line(n).identity);
  }
  EXPECT_FALSE(index.find(line(3'000)));
  auto other = line(7);
  ++other.identity;
  EXPECT_FALSE(index.find(other));
}

TEST(log_index, finds_a_line_that_came_after_the_last_search) {
  auto index = filled(10);
  for (std::uint64_t n = 10; n < 2'500; ++n) {
    index.push(line(n).at, line(n).identity);
    ASSERT_EQ(index.find(line(n)), n);
    ASSERT_EQ(index.find(line(n / 2)), n / 2);
  }
}

TEST(log_index, takes_the_later_of_two_equal_lines) {
  for (const std::uint64_t between : {0, 10, 2'000}) {
    log_index index;
    index.push(noon, 5);
    for (std::uint64_t n = 0; n < between; ++n) index.push(noon, 100 + n);
    index.push(noon, 5);
    EXPECT_EQ(index.find({.at = noon, .text = {}, .identity = 5}), between + 1);
  }
}

TEST(log_index, forgets_what_the_ring_let_go_of_but_not_for_who_knew_it) {
  auto index = filled(3'000);
  const auto known = index.known();
  index.trim(2'500);
  for (std::uint64_t n = 3'000; n < 5'000; ++n) index.push(line(n).at, line(n).identity);
  EXPECT_EQ(index.first(), 2'500u);
  EXPECT_EQ(index.end(), 5'000u);
  EXPECT_FALSE(index.find(line(2'499)));
  EXPECT_EQ(index.find(line(2'500)), 2'500u);
  EXPECT_EQ(index.find(line(4'999)), 4'999u);
  EXPECT_EQ(known.find(line(0)), 0u);
  EXPECT_EQ(known.find(line(2'999)), 2'999u);
  EXPECT_FALSE(known.find(line(3'000))) << "it came later";
  EXPECT_EQ(known.first_at(), line(0).at);
}

TEST(log_index, knows_how_far_back_the_clock_was_set) {
  log_index index;
  index.push(noon, 1);
  index.push(noon - std::chrono::milliseconds(900), 2);  // stderr, a little early
  EXPECT_EQ(index.earliest_after(noon), noon - log_index::disorder);
  index.push(noon - std::chrono::seconds(90), 3);
  index.push(noon - std::chrono::seconds(80), 4);
  EXPECT_EQ(index.newest(), noon);
  EXPECT_EQ(index.earliest_after(noon), noon - std::chrono::seconds(91));
  index.trim(4);
  EXPECT_EQ(index.earliest_after(noon), noon - std::chrono::seconds(91)) << "those are in the log";
  const auto later = noon + std::chrono::seconds(5);
  index.push(later, 5);
  EXPECT_EQ(index.earliest_after(later), later - log_index::disorder) << "not set back since";
}

TEST(log_index, knows_the_first_line_that_is_not_older) {
  auto index = filled(3'000);
  index.trim(100);
  EXPECT_EQ(index.not_before(noon), 100u);
  EXPECT_EQ(index.not_before(line(2'000).at), 2'000u);
  EXPECT_EQ(index.not_before(line(2'000).at + 1ns), 2'001u);
  EXPECT_EQ(index.not_before(line(3'000).at), 3'000u);
}

TEST(log_index, may_be_emptied_and_go_on) {
  auto index = filled(1'024);
  index.trim(1'024);
  EXPECT_TRUE(index.empty());
  EXPECT_FALSE(index.find(line(3)));
  index.push(line(1'024).at, line(1'024).identity);
  EXPECT_EQ(index.first(), 1'024u);
  EXPECT_EQ(index.find(line(1'024)), 1'024u);
}

}  // namespace
}  // namespace spillway::actors
