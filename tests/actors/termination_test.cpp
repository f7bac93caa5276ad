#include "actors/termination.hpp"

#include <gtest/gtest.h>

namespace spillway::actors {
namespace {

TEST(Termination, EveryCauseHasItsRowAndAReason) {
  for (int i = 0; i <= static_cast<int>(end_cause::viewer_gone); ++i) {
    const auto cause = static_cast<end_cause>(i);
    EXPECT_EQ(ending_for(cause).cause, cause);
    EXPECT_FALSE(ending_for(cause).reason.empty());
    EXPECT_LE(ending_for(cause).reason.size(), protocol::close_reason::max_size);
  }
}

TEST(Termination, OnlyFinishedStreamsCloseNormally) {
  using enum end_cause;
  for (auto cause : {shutting_down, read_deadline, access_ended, source_failed, publisher_failed,
                     publisher_backing_off}) {
    EXPECT_NE(ending_for(cause).code, protocol::close_code::normal);
  }
}

TEST(Termination, TheErrorFramesTextIsTheReasonTooExceptForWhatTheViewerSentItself) {
  const auto failed =
      close_frame_for(ending_for(end_cause::source_failed), "docker engine unavailable");
  EXPECT_EQ(failed.reason.text(), "docker engine unavailable");
  const auto invalid = close_frame_for(ending_for(end_cause::invalid_parameter), "invalid tail: x");
  EXPECT_EQ(invalid.reason.text(), "invalid parameter");
}

}  // namespace
}  // namespace spillway::actors
