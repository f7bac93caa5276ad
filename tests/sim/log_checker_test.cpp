#include "sim/viewers/log_checker.hpp"

#include <gmock/gmock.h>

#include <initializer_list>
#include <vector>

namespace spillway::sim {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class log_checker_test : public ::testing::Test {
 protected:
  using enum flaw_kind;

  void line(std::uint64_t number, std::uint32_t life = 1) {
    note(checker_.on_line({life, number, {}}));
  }
  void lines(std::initializer_list<std::uint64_t> numbers, std::uint32_t life = 1) {
    for (const auto number : numbers) line(number, life);
  }
  void skipped(std::uint64_t count) { note(checker_.on_skipped(count)); }

  log_checker checker_;
  std::vector<flaw_kind> found_;
  std::string what_;

 private:
  void note(std::optional<flaw> found) {
    if (!found) return;
    found_.push_back(found->kind);
    what_ = found->what;
  }
};

TEST_F(log_checker_test, begins_wherever_the_log_does) {
  lines({7, 8, 9});
  EXPECT_THAT(found_, IsEmpty());
  EXPECT_EQ(checker_.last().number, 9U);
  EXPECT_EQ(checker_.fresh(), 3U);
}

TEST_F(log_checker_test, finds_a_gap_and_says_how_wide_it_is) {
  lines({1, 2, 5, 6});
  EXPECT_THAT(found_, ElementsAre(gap));
  EXPECT_EQ(what_, "2 lines are missing between #1.2 and #1.5");
}

TEST_F(log_checker_test, tells_a_double_from_disorder) {
  lines({1, 2, 3, 2});
  EXPECT_THAT(found_, ElementsAre(doubled));
  EXPECT_EQ(what_, "#1.2 came after #1.3");
  // What was missing and comes late.
  lines({5, 4});
  EXPECT_THAT(found_, ElementsAre(doubled, gap, out_of_order));
}

TEST_F(log_checker_test, holds_a_notice_to_its_count) {
  lines({1, 2});
  skipped(3);
  lines({6, 7});
  EXPECT_THAT(found_, IsEmpty());
  skipped(3);
  line(10);
  EXPECT_THAT(found_, ElementsAre(wrong_notice));
  skipped(3);
  line(15);
  EXPECT_THAT(found_, ElementsAre(wrong_notice, wrong_notice));
  EXPECT_EQ(what_, "4 lines are missing between #1.10 and #1.15, the notice says 3");
  skipped(0);
  EXPECT_EQ(found_.size(), 3U) << "a notice of nothing";
}

TEST_F(log_checker_test, adds_up_notices_between_two_lines) {
  line(1);
  skipped(3);
  skipped(4);
  line(9);
  EXPECT_THAT(found_, IsEmpty());
}

TEST_F(log_checker_test, lets_a_notice_count_lines_without_a_head) {
  line(1);
  checker_.on_headless();
  skipped(5);
  line(4);
  EXPECT_THAT(found_, IsEmpty());
  skipped(1);
  line(7);
  EXPECT_THAT(found_, ElementsAre(wrong_notice)) << "more are missing than were told";
}

TEST_F(log_checker_test, wants_a_new_life_to_begin_with_its_first_line) {
  lines({1, 2});
  lines({1, 2}, 2);
  EXPECT_THAT(found_, IsEmpty());
  lines({3, 4}, 3);
  EXPECT_THAT(found_, ElementsAre(gap));
  line(5, 2);
  EXPECT_THAT(found_, ElementsAre(gap, out_of_order)) << "a life that is over";
}

TEST_F(log_checker_test, passes_over_what_was_had_when_a_viewer_comes_back) {
  lines({1, 2, 3, 4});
  checker_.begin_connection();
  lines({3, 4, 5, 6});
  EXPECT_THAT(found_, IsEmpty());
  EXPECT_EQ(checker_.fresh(), 6U);
  EXPECT_EQ(checker_.had_before(), 2U);
  line(6);
  EXPECT_THAT(found_, ElementsAre(doubled)) << "once it is past the seam";
}

TEST_F(log_checker_test, finds_a_line_that_a_seam_lost) {
  lines({1, 2, 3});
  checker_.begin_connection();
  lines({2, 3, 5});
  EXPECT_THAT(found_, ElementsAre(gap));
  checker_.begin_connection();
  line(8);
  EXPECT_THAT(found_, ElementsAre(gap, gap)) << "also where nothing was repeated";
}

TEST_F(log_checker_test, wants_order_in_what_is_repeated_too) {
  lines({1, 2, 3, 4});
  checker_.begin_connection();
  lines({2, 2});
  EXPECT_THAT(found_, ElementsAre(doubled));
  line(1);
  EXPECT_THAT(found_, ElementsAre(doubled, out_of_order));
}

TEST_F(log_checker_test, forgets_a_notice_with_its_connection_since_the_lines_come_again) {
  lines({1, 2});
  skipped(5);
  checker_.begin_connection();
  lines({2, 3, 4});
  EXPECT_THAT(found_, IsEmpty());
}

TEST_F(log_checker_test, lets_a_notice_within_a_seam_count_lines_that_were_had) {
  lines({1, 2, 3, 4});
  checker_.begin_connection();
  line(2);
  skipped(4);
  line(7);
  EXPECT_THAT(found_, IsEmpty()) << "3, 4, 5 and 6";
  checker_.begin_connection();
  skipped(1);
  line(10);
  EXPECT_THAT(found_, ElementsAre(wrong_notice)) << "8 and 9 are missing, one was told";
}

}  // namespace
}  // namespace spillway::sim
