#include "bench/report.hpp"

#include <gtest/gtest.h>

namespace spillway::bench {
namespace {

target at_least(double bound) {
  target wanted;
  wanted.at_least = bound;
  return wanted;
}

TEST(Report, judges_the_median_of_the_repetitions) {
  report results;
  for (double value : {1.0, 9.0, 8.0}) results.add("rate", "1/s", at_least(8), side::server, value);
  EXPECT_NE(results.table().find(" met"), std::string::npos);
  for (double value : {1.0, 2.0}) results.add("rate", "1/s", at_least(8), side::server, value);
  EXPECT_NE(results.table().find("MISSED"), std::string::npos);
}

TEST(Report, judges_by_the_baseline_of_the_same_run) {
  target wanted;
  wanted.at_least_times_baseline = 50;
  report results;
  results.add("rate", "1/s", wanted, side::server, 4999);
  EXPECT_EQ(results.table().find("MISSED"), std::string::npos) << "no baseline, no judgement";
  results.add("rate", "1/s", wanted, side::baseline, 100);
  EXPECT_NE(results.table().find("MISSED"), std::string::npos);
  EXPECT_NE(results.table().find("49.99"), std::string::npos) << "the ratio";
}

TEST(Report, groups_the_digits_of_large_numbers) {
  report results;
  results.add("large", "", {}, side::server, 8'012'345);
  results.add("small", "", {}, side::server, 6.434);
  EXPECT_NE(results.table().find(" 8,012,345 "), std::string::npos);
  EXPECT_NE(results.table().find(" 6.43 "), std::string::npos);
}

TEST(Report, shows_each_note_once_in_table_and_json) {
  report results;
  for (const char* note : {"first", "second", "first"}) results.note("rate", note);
  EXPECT_NE(results.table().find("rate: first\nrate: second\n"), std::string::npos);
  EXPECT_EQ(results.table().find("first"), results.table().rfind("first"));
  EXPECT_NE(results.json().find("\"second\""), std::string::npos);
}

TEST(Report, says_nothing_of_a_figure_that_was_not_measured) {
  report results;
  results.note("compressed", "not offered by the server");
  EXPECT_NE(results.table().find("compressed: not offered by the server"), std::string::npos);
  EXPECT_EQ(results.table().find("MISSED"), std::string::npos);
}

}  // namespace
}  // namespace spillway::bench
