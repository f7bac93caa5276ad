#include "actors/last_lines.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace spillway::actors::testing {
namespace {

using namespace std::chrono_literals;
using strings = std::vector<std::string>;

constexpr protocol::timestamp begin_of_time{1h};

protocol::timestamp at(int number) {
  return begin_of_time + number * 1ms;
}

class LastLines : public ::testing::Test {
 protected:
  /// The stream has brought these.
  void seen(int from, int to) {
    for (int i = from; i < to; ++i) index_.push(at(i), static_cast<std::uint64_t>(i) + 1);
  }
  last_lines of_exit(std::optional<ended_run> run = {}, std::size_t max_bytes = 1 << 20) {
    return {index_, max_bytes, run,
            [this](const protocol::log_line& line) { unseen_.emplace_back(line.text); }};
  }
  static std::shared_ptr<log_chunk> history(int from, int to) {
    auto chunk = std::make_shared<log_chunk>();
    for (int i = from; i < to; ++i) add(*chunk, at(i), i + 1, std::to_string(i));
    return chunk;
  }
  static void add(log_chunk& chunk, protocol::timestamp when, int identity,
                  const std::string& text) {
    ++chunk.entries;
    chunk.lines.append({when, protocol::output_stream::standard_output, text,
                        static_cast<std::uint64_t>(identity)});
  }

  log_index index_;
  strings unseen_;
};

TEST_F(LastLines, AreThoseAfterTheLineSeenLast) {
  seen(0, 5);
  auto lines = of_exit();
  lines.add(history(0, 8));
  EXPECT_FALSE(lines.after_read({}));
  EXPECT_EQ(unseen_, (strings{"5", "6", "7"}));
  EXPECT_TRUE(lines.reached());
}

TEST_F(LastLines, AreAllWhereNothingWasSeen) {
  auto lines = of_exit();
  lines.add(history(0, 3));
  EXPECT_FALSE(lines.after_read({}));
  EXPECT_EQ(unseen_, (strings{"0", "1", "2"}));
  EXPECT_TRUE(lines.complete());
}

TEST_F(LastLines, OfALogThatWasRotatedPastTheLineSeenLastAreNotKnown) {
  seen(0, 5);
  auto lines = of_exit();
  lines.add(history(7, 9));
  EXPECT_FALSE(lines.after_read({}));
  EXPECT_TRUE(unseen_.empty());
  EXPECT_FALSE(lines.reached());
}

TEST_F(LastLines, OfALogThatIsEmptyAreNone) {
  seen(0, 5);
  auto lines = of_exit();
  lines.add(history(0, 0));
  EXPECT_FALSE(lines.after_read({}));
  EXPECT_TRUE(lines.reached());
}

TEST_F(LastLines, AreReadFromTheLineSeenLastOnWhereTheyAreMany) {
  seen(0, 5);
  auto lines = of_exit();
  lines.add(history(500, 500 + static_cast<int>(backfill::entries)));
  const auto more = lines.after_read({});
  ASSERT_TRUE(more);
  EXPECT_LE(more->since, at(4));
  EXPECT_TRUE(unseen_.empty());
  lines.add(history(3, 6));
  EXPECT_FALSE(lines.after_read({}));
  EXPECT_EQ(unseen_, (strings{"5"}));
}

TEST_F(LastLines, AreNotThoseOfTheNextRun) {
  seen(0, 5);
  auto lines = of_exit(ended_run{at(0), at(6)});
  EXPECT_EQ(lines.newest().about->exited_at, at(6));
  lines.add(history(0, 12));
  // Line 7 was stamped a little after the exit.
  EXPECT_FALSE(lines.after_read(at(7)));
  EXPECT_EQ(unseen_, (strings{"5", "6", "7"}));
}

TEST_F(LastLines, AreAllWhereThereIsNoNextRun) {
  auto lines = of_exit(ended_run{at(0), at(6)});
  lines.add(history(0, 9));
  EXPECT_FALSE(lines.after_read({}));
  EXPECT_EQ(unseen_, (strings{"0", "1", "2", "3", "4", "5", "6", "7", "8"}));
}

TEST_F(LastLines, BeforeALineThatIsNotLateAreNotLateEither) {
  seen(0, 5);
  auto lines = of_exit(ended_run{at(0), at(40)});
  auto chunk = history(0, 5);
  // The clock was wrong for a time.
  add(*chunk, at(3'600'000), 6, "wrong");
  add(*chunk, at(20), 7, "right");
  add(*chunk, at(50), 8, "next");
  lines.add(chunk);
  EXPECT_FALSE(lines.after_read(at(45)));
  EXPECT_EQ(unseen_, (strings{"wrong", "right"}));
}

/// The first read brings what is newest alone.
class LastLinesOfALongRead : public LastLines {
 protected:
  void begin(last_lines& lines, std::optional<protocol::timestamp> next_run) {
    lines.add(history(500, 500 + static_cast<int>(backfill::entries)));
    ASSERT_TRUE(lines.after_read(next_run));
  }
  /// Lines that are shown have been seen.
  last_lines with_room_for(std::size_t count) {
    const auto bytes = count * (sizeof(protocol::log_line) + 1);
    return {index_, bytes, ended_run{at(0), at(4)}, [this](const protocol::log_line& line) {
              index_.push(line.at, line.identity);
              unseen_.emplace_back(line.text);
            }};
  }
};

TEST_F(LastLinesOfALongRead, ThatAreTooManyToHoldAreReadInSeveralSteps) {
  seen(0, 5);
  auto lines = with_room_for(3);
  begin(lines, {});
  lines.add(history(0, 14));
  // What is held is of this run, since there is no other; so what comes after it may be.
  auto more = lines.after_read({});
  ASSERT_TRUE(more);
  EXPECT_EQ(unseen_, (strings{"5", "6", "7", "8"}));
  EXPECT_LE(more->since, at(8));
  for (int reads = 0; more && reads < 5; ++reads) {
    lines.add(history(0, 14));
    more = lines.after_read({});
  }
  EXPECT_EQ(unseen_, (strings{"5", "6", "7", "8", "9", "10", "11", "12", "13"}));
  EXPECT_FALSE(more);
  EXPECT_TRUE(lines.reached());
}

TEST_F(LastLinesOfALongRead, WithoutATextAreCountedToo) {
  seen(0, 5);
  auto lines = with_room_for(3);
  begin(lines, {});
  auto chunk = history(0, 5);
  for (int i = 5; i < 100; ++i) add(*chunk, at(i), i + 1, "");
  lines.add(chunk);
  EXPECT_TRUE(lines.after_read({}));
  EXPECT_EQ(unseen_.size(), 4U);
}

TEST_F(LastLinesOfALongRead, OfTheNextRunAreLeftOutHoweverManyTheyAre) {
  seen(0, 5);
  auto lines = with_room_for(3);
  begin(lines, at(6));
  lines.add(history(0, 400));
  EXPECT_FALSE(lines.after_read(at(6)));
  EXPECT_EQ(unseen_, (strings{"5", "6"}));
}

TEST_F(LastLinesOfALongRead, ThatAreTooManyToHoldAndNotLateAfterAllAreReadAgain) {
  seen(0, 5);
  auto lines = with_room_for(3);
  begin(lines, at(50));
  auto chunk = history(0, 5);
  for (int i = 5; i < 12; ++i) add(*chunk, at(3'600'000 + i), i + 1, std::to_string(i));
  add(*chunk, at(3), 13, "12");
  add(*chunk, at(60), 14, "next");
  for (int reads = 0; reads < 3; ++reads) {
    lines.add(chunk);
    if (!lines.after_read(at(50))) break;
  }
  EXPECT_EQ(unseen_, (strings{"5", "6", "7", "8", "9", "10", "11", "12"}));
}

TEST_F(LastLines, OfAnotherRunAreLeftOutOfALongReadToo) {
  seen(0, 5);
  auto lines = of_exit(ended_run{at(0), at(6)});
  lines.add(history(500, 500 + static_cast<int>(backfill::entries)));
  const auto more = lines.after_read(at(6));
  ASSERT_TRUE(more);
  EXPECT_EQ(more->about->exited_at, at(6));
  lines.add(history(3, 9));
  EXPECT_FALSE(lines.after_read(at(6)));
  EXPECT_EQ(unseen_, (strings{"5", "6"}));
}

}  // namespace
}  // namespace spillway::actors::testing
