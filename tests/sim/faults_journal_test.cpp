#include "sim/viewers/faults_journal.hpp"

#include <gtest/gtest.h>

#include "support/temp_dir.hpp"

namespace spillway::sim {
namespace {

TEST(faults_journal, reads_faults_and_exits_and_passes_over_the_rest) {
  const test::temp_dir directory;
  const auto file = directory.path() / "faults.ndjson";
  test::write_file(file,
                   "{\"time\": \"2023-11-14T22:13:20.5Z\", \"fault\": \"slow\"}\n"
                   "not json\n"
                   "{\"fault\": \"no time\"}\n"
                   "\n"
                   "{\"time\": \"yesterday\", \"fault\": \"x\"}\n"
                   "{\"time\": \"2023-11-14T22:13:21Z\", \"event\": \"start\"}\n"
                   "{\"time\": \"2023-11-14T22:13:21Z\", \"event\": \"die\", \"container\": "
                   "\"shop_web_1\", \"life\": 2, \"printed\": 7}\n"
                   "{\"time\": \"2023-11-14T22:13:22Z\", \"event\": \"die\", \"container\": "
                   "\"shop_web_1\", \"life\": 2, \"printed\": 9}\n"
                   "{\"time\": \"2023-11-14T22:13:22Z\", \"fault\": \"torn\", \"target\": "
                   "\"shop_db_1\"}\n"
                   "{\"time\": \"2023-11-14T22:13:2");
  const auto journal = read_host_journal(file);
  ASSERT_TRUE(journal);
  ASSERT_EQ(journal->faults.size(), 2U);
  EXPECT_EQ(journal->faults[0].at.time_since_epoch(), std::chrono::milliseconds(1'700'000'000'500));
  EXPECT_EQ(journal->faults[0].fault, "slow");
  EXPECT_EQ(journal->faults[0].container, "");
  EXPECT_EQ(journal->faults[1].container, "shop_db_1");
  ASSERT_EQ(journal->lives.size(), 1U);
  const auto& life = journal->lives.at({"shop_web_1", 2});
  ASSERT_EQ(life.exits.size(), 2U);
  EXPECT_EQ(life.exits[1].printed, 9U);
  EXPECT_FALSE(life.removed);
}

TEST(faults_journal, knows_after_which_lines_an_exit_may_be_told) {
  using namespace std::chrono_literals;
  const std::chrono::system_clock::time_point noon{12h};
  life_exits life{{{noon, 7, noon + 1s}, {noon + 10s, 20, noon + 12s}}, false};
  EXPECT_TRUE(life.may_end_after(20, noon));
  EXPECT_TRUE(life.may_end_after(22, noon)) << "it runs again";
  EXPECT_FALSE(life.may_end_after(19, noon + 2s)) << "one line is lost";
  EXPECT_TRUE(life.may_end_after(22, noon + 11s)) << "it came while it did not run";
  EXPECT_FALSE(life.may_end_after(22, noon + 13s)) << "no exit since it is there";
  life.removed = true;
  EXPECT_TRUE(life.may_end_after(19, noon + 1s));
}

TEST(faults_journal, says_where_there_is_none) {
  const auto journal = read_host_journal("/no/such/file");
  ASSERT_FALSE(journal);
  EXPECT_EQ(journal.error(), "cannot read the journal of faults /no/such/file");
}

}  // namespace
}  // namespace spillway::sim
