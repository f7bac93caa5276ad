#include "sim/viewers/stream_judge.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "protocol/timestamp.hpp"
#include "sim/numbered_line.hpp"

namespace spillway::sim {
namespace {

using namespace std::chrono_literals;
using std::chrono::nanoseconds;

class a_stream_judge : public ::testing::Test {
 protected:
  a_stream_judge() { judge.on_open(std::chrono::system_clock::now()); }

  void take_line(std::uint64_t number, nanoseconds printed) {
    std::string line;
    append_head(line, {.life = 1, .number = number, .printed_at = printed});
    judge.on_frame(fmt::format(R"({{"ts": "{}", "stream": "stdout", "line": "{}"}})",
                               protocol::format_rfc3339_nano(protocol::timestamp(printed)), line));
  }
  static nanoseconds now() { return std::chrono::system_clock::now().time_since_epoch(); }

  const watched_stream stream{stream_kind::logs, "shop", "web", 0};
  scoreboard board{1};
  stream_judge judge{{}, stream, board};
};

TEST_F(a_stream_judge, knows_that_lines_taken_late_were_on_their_way) {
  take_line(1, now() - 10s);
  EXPECT_TRUE(judge.reads_late(now() - 5s));
}

TEST_F(a_stream_judge, takes_lines_that_are_printed_later_for_no_excuse) {
  take_line(1, now() - 10s);
  take_line(2, now());
  EXPECT_FALSE(judge.reads_late(now() - 5s));
}

TEST_F(a_stream_judge, takes_silence_for_no_excuse) {
  take_line(1, now() - 10s);
  EXPECT_FALSE(judge.reads_late(now() + 5s));
}

}  // namespace
}  // namespace spillway::sim
