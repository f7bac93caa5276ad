#include "sim/viewers/close_table.hpp"

#include <gtest/gtest.h>

namespace spillway::sim {
namespace {

using how = viewing_end::how;
constexpr auto expected = end_verdict::expected;
constexpr auto broken = end_verdict::broken;
constexpr auto broken_unless_stopping = end_verdict::broken_unless_stopping;

viewing_end closed(unsigned code, std::string reason) {
  return {how::closed, code, std::move(reason)};
}

end_verdict verdict(const viewing_end& end, const close_situation& in) {
  return judge_end(end, in).verdict;
}

TEST(close_table, knows_the_normal_ends_of_each_stream) {
  close_situation logs;
  EXPECT_EQ(verdict(closed(1000, "container exited"), logs), expected);
  EXPECT_EQ(verdict(closed(1000, "deploy finished"), logs), broken);
  EXPECT_EQ(verdict(closed(1000, "container not found"), logs), broken) << "without its error";
  logs.after_error = true;
  EXPECT_EQ(verdict(closed(1000, "container not found"), logs), expected);

  close_situation deploys{.what = stream_kind::deploy_logs};
  EXPECT_EQ(verdict(closed(1000, "deploy finished"), deploys), broken) << "before its last frame";
  deploys.after_deploy_end = true;
  EXPECT_EQ(verdict(closed(1000, "deploy finished"), deploys), expected);
  EXPECT_EQ(verdict(closed(1000, "nothing to stream"), deploys), broken);
  EXPECT_EQ(verdict(closed(1000, "container exited"), deploys), broken);
}

TEST(close_table, allows_1011_of_logs_where_faults_are_made_and_after_its_frame_alone) {
  const close_situation fine{.after_error = true, .faults_expected = true};
  EXPECT_EQ(verdict(closed(1011, "source failed"), fine), expected);
  EXPECT_EQ(verdict(closed(1011, "source failed"), {.after_error = true}), broken);
  const auto internal = closed(1011, "internal error, see the process log");
  EXPECT_EQ(verdict(internal, {.faults_expected = true}), broken) << "an actor died";
  for (const auto other : {stream_kind::deploy_logs, stream_kind::process_logs}) {
    auto elsewhere = fine;
    elsewhere.what = other;
    EXPECT_EQ(verdict(closed(1011, "source failed"), elsewhere), broken);
  }
  EXPECT_EQ(judge_end(closed(1011, "source failed"), {}).why->kind, flaw_kind::wrong_close);
}

TEST(close_table, allows_1008_where_access_ends_alone) {
  EXPECT_EQ(verdict(closed(1008, "access ended"), {}), broken);
  EXPECT_EQ(verdict(closed(1008, "access ended"), {.access_ends = true}), expected);
  EXPECT_EQ(verdict({how::cut, 0, ""}, {.access_ends = true}), expected) << "in a flood";
  EXPECT_EQ(verdict({how::refused, 401, ""}, {}), broken);
  EXPECT_EQ(verdict({how::refused, 401, ""}, {.access_ends = true}), expected);
}

TEST(close_table, wants_a_close_frame_of_whoever_reads) {
  const viewing_end cut{how::cut, 0, "reset"};
  EXPECT_EQ(verdict(cut, {}), broken_unless_stopping);
  EXPECT_EQ(judge_end(cut, {}).why->kind, flaw_kind::no_close_frame);
  EXPECT_EQ(verdict(cut, {.stopped_reading = true}), expected);
  EXPECT_EQ(verdict(cut, {.reads_unnoticed = true}), expected);
  EXPECT_EQ(verdict(cut, {.server_stops = true}), expected);
}

TEST(close_table, lets_a_slow_viewer_be_cut_when_its_stream_is_over) {
  const viewing_end cut{how::cut, 0, "reset"};
  EXPECT_EQ(verdict(cut, {.who = behaviour::slow}), broken_unless_stopping);
  EXPECT_EQ(verdict(cut, {.who = behaviour::slow, .stream_is_over = true}), expected);
  EXPECT_EQ(verdict(cut, {.stream_is_over = true}), broken_unless_stopping);
}

TEST(close_table, knows_who_does_not_answer_pings) {
  const auto silent = closed(1001, "nothing received for too long");
  EXPECT_EQ(verdict(silent, {}), broken);
  EXPECT_EQ(verdict(silent, {.who = behaviour::slow}), expected);
  EXPECT_EQ(verdict(silent, {.who = behaviour::stuck, .stopped_reading = true}), expected);
}

TEST(close_table, allows_limits_where_they_are_expected_and_calls_other_refusals_broken) {
  for (const unsigned status : {429U, 503U}) {
    EXPECT_EQ(verdict({how::refused, status, ""}, {.limits_expected = true}), expected);
    EXPECT_EQ(verdict({how::refused, status, ""}, {}), broken);
  }
  EXPECT_EQ(verdict({how::refused, 500, ""}, {}), broken);
  EXPECT_EQ(judge_end({how::unanswered, 0, ""}, {}).why->kind, flaw_kind::too_late);
  EXPECT_EQ(verdict({how::left, 0, ""}, {}), expected);
}

TEST(close_table, names_ends_so_that_they_can_be_counted) {
  EXPECT_EQ(label_of(closed(1000, "container exited")), "1000 container exited");
  EXPECT_EQ(label_of(closed(1005, "")), "1005");
  EXPECT_EQ(label_of({how::cut, 0, "Connection reset by peer"}), "no close frame");
  EXPECT_EQ(label_of({how::refused, 404, "declined"}), "refused with 404");
}

}  // namespace
}  // namespace spillway::sim
