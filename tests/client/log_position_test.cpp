#include "client/log_position.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

namespace spillway::client {
namespace {

using namespace std::chrono_literals;

protocol::timestamp instant(std::chrono::nanoseconds since_epoch) {
  return protocol::timestamp(since_epoch);
}

TEST(log_position, before_the_first_line_there_is_nothing_to_ask_for) {
  log_position position;
  position.begin();
  EXPECT_EQ(position.since(), std::nullopt);
}

TEST(log_position, what_came_again_is_skipped_as_often_as_it_was_had) {
  log_position position;
  position.begin();
  EXPECT_TRUE(position.take(instant(10s), "stdout", "a"));
  EXPECT_TRUE(position.take(instant(10s), "stdout", "a"));
  EXPECT_TRUE(position.take(instant(10s), "stderr", "a"));
  EXPECT_EQ(position.since(), instant(10s));
  position.begin();
  EXPECT_FALSE(position.take(instant(10s), "stdout", "a"));
  EXPECT_FALSE(position.take(instant(10s), "stdout", "a"));
  EXPECT_TRUE(position.take(instant(10s), "stdout", "a"));
  EXPECT_FALSE(position.take(instant(10s), "stderr", "a"));
  EXPECT_TRUE(position.take(instant(11s), "stdout", "a"));
}

TEST(log_position, nothing_before_the_first_line_is_asked_for) {
  log_position position;
  position.begin();
  position.take(instant(10s), "stdout", "the tail begins here");
  position.take(instant(10s + 1ms), "stdout", "b");
  EXPECT_EQ(position.since(), instant(10s));
}

TEST(log_position, a_line_stamped_alike_with_the_first_that_was_wanted_is_none) {
  log_position position;
  position.begin();
  position.take(instant(10s), "stdout", "the tail begins here");
  position.begin();
  EXPECT_FALSE(position.take(instant(10s), "stdout", "the line before it"));
  EXPECT_FALSE(position.take(instant(10s), "stdout", "the tail begins here"));
  EXPECT_TRUE(position.take(instant(10s), "stdout", "and a new one"));
}

TEST(log_position, a_line_with_an_older_time_is_not_shown_twice) {
  log_position position;
  position.begin();
  position.take(instant(5s), "stdout", "a");
  position.take(instant(10s), "stdout", "b");
  position.take(instant(8s), "stdout", "the clock was set back");
  position.begin();
  EXPECT_FALSE(position.take(instant(10s), "stdout", "b"));
  EXPECT_FALSE(position.take(instant(8s), "stdout", "the clock was set back"));
  EXPECT_TRUE(position.take(instant(9s), "stdout", "c"));
}

TEST(log_position, a_second_before_the_newest_line_is_asked_for_once_more) {
  log_position position;
  position.begin();
  for (int i = 0; i < 50; ++i)
    position.take(instant(10s + i * 100ms), "stdout", "line " + std::to_string(i));
  EXPECT_EQ(position.since(), instant(13s + 900ms));
}

TEST(log_position, lines_that_were_skipped_for_slowness_do_not_come_late) {
  log_position position;
  position.begin();
  position.take(instant(10s), "stdout", "a");
  position.note_gap();
  position.take(instant(10s + 5ms), "stdout", "b");
  EXPECT_EQ(position.since(), instant(10s + 5ms));
}

TEST(log_position, what_is_no_longer_remembered_is_not_asked_for) {
  log_position position(3);
  position.begin();
  for (int i = 0; i < 5; ++i) position.take(instant(10s + i * 1ms), "stdout", "x");
  EXPECT_GT(position.since(), instant(10s + 1ms));
  EXPECT_LE(position.since(), instant(10s + 2ms));
}

struct stored_line {
  protocol::timestamp at;
  std::string text;
};

/// A log as an engine stores it: repeated texts, equal times, and lines up to half a second late.
std::vector<stored_line> make_log(std::mt19937& random) {
  std::vector<stored_line> made;
  auto now = 100'000ms;
  for (int i = 0; i < 300; ++i) {
    now += std::chrono::milliseconds(random() % 3 == 0 ? 0 : random() % 200);
    // Nothing older than the first line is asked for.
    if (i == 10) now += 1s;
    const auto late =
        i >= 10 && random() % 8 == 0 ? std::chrono::milliseconds(random() % 500) : 0ms;
    made.push_back({instant(now - late), "text " + std::to_string(random() % 3)});
  }
  return made;
}

TEST(log_position, whatever_cuts_the_stream_each_line_is_shown_once) {
  for (unsigned seed = 0; seed < 300; ++seed) {
    std::mt19937 random(seed);
    const auto log = make_log(random);
    log_position position;
    // What of the log was shown, by its place in it.
    std::vector<int> times_shown(log.size());
    std::size_t written = 1 + random() % 20;
    // The first connection begins at the log's first line; each ends where it is cut.
    while (written <= log.size()) {
      const auto since = position.since();
      position.begin();
      const auto cut = random() % 60;
      std::size_t sent = 0;
      std::size_t first = 0;
      while (since && first < written && log[first].at < *since) ++first;
      for (std::size_t i = first; i < written && sent < cut; ++i) {
        ++sent;
        if (position.take(log[i].at, "stdout", log[i].text)) ++times_shown[i];
      }
      if (written == log.size() && sent < cut) break;
      written = std::min(log.size(), written + random() % 20);
    }
    ASSERT_EQ(std::count(times_shown.begin(), times_shown.end(), 1), static_cast<long>(log.size()))
        << "seed " << seed;
  }
}

}  // namespace
}  // namespace spillway::client
