#include "sim/host/container_log.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>

namespace spillway::sim {
namespace {

constexpr std::size_t small_store = 256 * 1024;

log_request both_streams() {
  log_request asked;
  asked.standard_output = true;
  asked.standard_error = true;
  return asked;
}

log_request followed() {
  log_request asked = both_streams();
  asked.follow = true;
  return asked;
}

/// A reader, and what it has got. A terminal's log is the text alone, one line a chunk.
class reading {
 public:
  reading(container_log& log, const log_request& asked) : log_(log), reader_(log.open(asked)) {}

  reading& ask() {
    log_.read(reader_, {[this](log_batch batch) {
                          answered_ = true;
                          ended_ = batch.last;
                          for (std::size_t at = 0; at < batch.chunks.size();) {
                            const auto size = std::stoul(batch.chunks.substr(at), nullptr, 16);
                            at = batch.chunks.find("\r\n", at) + 2;
                            text_ += batch.chunks.substr(at, size);
                            at += size + 2;
                          }
                        },
                        {}});
    return *this;
  }
  reading& to_the_end() {
    do {
      answered_ = false;
      ask();
    } while (answered_ && !ended_);
    return *this;
  }
  const std::string& text() const { return text_; }
  bool ended() const { return ended_; }
  bool answered() const { return answered_; }
  std::uint64_t number() const { return reader_; }

 private:
  container_log& log_;
  std::uint64_t reader_;
  std::string text_;
  bool answered_ = false;
  bool ended_ = false;
};

class container_logs : public ::testing::Test {
 protected:
  void print(const std::string& text) { log.print(output_kind::standard_output, text); }
  container_log log{small_store, log_form::raw};
};

TEST_F(container_logs, history_ends_where_the_log_ended_when_it_was_asked_for) {
  log.begin();
  print("one\ntwo\n");
  reading history(log, both_streams());
  print("three\n");
  EXPECT_EQ(history.to_the_end().text(), "one\ntwo\n");
  EXPECT_TRUE(history.ended());
}

TEST_F(container_logs, a_tail_counts_entries) {
  print("one\ntwo\nthree\n");
  log_request asked = both_streams();
  asked.tail = 2;
  EXPECT_EQ(reading(log, asked).to_the_end().text(), "two\nthree\n");
  asked.tail = 0;
  EXPECT_EQ(reading(log, asked).to_the_end().text(), "");
}

TEST_F(container_logs, a_follower_waits_for_what_is_printed_next) {
  log.begin();
  print("one\n");
  reading follower(log, followed());
  EXPECT_EQ(follower.ask().text(), "one\n");
  follower.ask();
  print("two\n");
  EXPECT_EQ(follower.text(), "one\n");
  log.serve();
  EXPECT_EQ(follower.text(), "one\ntwo\n");
  EXPECT_FALSE(follower.ended());
}

TEST_F(container_logs, a_follower_ends_with_the_container_after_its_last_bytes) {
  log.begin();
  reading follower(log, followed());
  follower.ask();
  print("rest of a line");
  log.end();
  EXPECT_EQ(follower.text(), "rest of a line");
  EXPECT_TRUE(follower.to_the_end().ended());
}

TEST_F(container_logs, a_container_that_does_not_run_has_nothing_to_follow) {
  print("one\n");
  reading follower(log, followed());
  EXPECT_EQ(follower.to_the_end().text(), "one\n");
  EXPECT_TRUE(follower.ended());
}

TEST_F(container_logs, since_and_until_bound_what_comes) {
  std::vector<protocol::timestamp> times;
  for (int i = 0; i < 4; ++i) {
    times.push_back(log.clock().stamp());
    print(std::to_string(i) + "\n");
  }
  log_request asked = both_streams();
  asked.since = times[1];
  EXPECT_EQ(reading(log, asked).to_the_end().text(), "1\n2\n3\n");
  asked.until = times[3];
  EXPECT_EQ(reading(log, asked).to_the_end().text(), "1\n2\n");
}

TEST_F(container_logs, whoever_reads_slowly_holds_it_back_and_misses_nothing) {
  log.begin();
  reading slow(log, followed());
  std::string printed;
  for (int i = 0; i < 100'000 && log.has_room(); ++i) {
    const std::string line = "line " + std::to_string(i) + "\n";
    print(line);
    printed += line;
  }
  ASSERT_FALSE(log.has_room());
  while (slow.text().size() < printed.size()) slow.ask();
  EXPECT_EQ(slow.text(), printed);
  EXPECT_TRUE(log.has_room());
}

TEST_F(container_logs, a_reader_that_has_gone_holds_nothing_back) {
  log.begin();
  reading slow(log, followed());
  while (log.has_room()) print(std::string(1000, 'x') + "\n");
  log.close(slow.number());
  EXPECT_TRUE(log.has_room());
}

}  // namespace
}  // namespace spillway::sim
