// Viewers that do not keep up: what they got and what they were told that they missed is
// everything.
#include <random>

#include "system/crowd_fixture.hpp"

namespace spillway::system_test {
namespace {

class slow_viewers : public crowd_test {
 protected:
  static viewer_options slow() {
    return {.headers = {}, .paused = true, .receive_buffer_bytes = 4096};
  }
};

/// The lines between two received ones are exactly those of the notices between them. Returns how
/// many were missed in all.
std::uint64_t expect_every_line_accounted_for(const std::vector<std::string>& frames,
                                              std::uint64_t first, std::uint64_t last) {
  std::uint64_t next = first;
  std::uint64_t skipped = 0;
  for (const auto& frame : frames) {
    if (const auto notice = text_of(frame, "skipped"); !notice.empty()) {
      skipped += std::stoull(notice);
      next += std::stoull(notice);
      continue;
    }
    EXPECT_EQ(text_of(frame, "line").substr(5), std::to_string(next)) << frame;
    if (::testing::Test::HasFailure()) break;
    ++next;
  }
  EXPECT_EQ(next, last + 1);
  return skipped;
}

TEST_F(slow_viewers, of_a_container_log_are_told_exactly_what_they_missed) {
  start({{"stream.stall_timeout", "1h"}}, 0);
  witness w(*spillway, *source, printing::by_hand);
  std::vector<std::unique_ptr<viewer>> slow_ones;
  for (int i = 0; i < 5; ++i) {
    slow_ones.push_back(spillway->watch(logs("crowd", "tail=1"), {.headers = {},
                                                                  .paused = false,
                                                                  .count_only = false,
                                                                  .offer_compression = i == 4,
                                                                  .receive_buffer_bytes = 4096}));
    ASSERT_TRUE(slow_ones.back()->wait_for_count(1));
  }
  const auto seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  for (int round = 0; round < 60; ++round) {
    for (auto& each : slow_ones) random() % 3 ? each->pause() : each->resume();
    for (int i = 0; i < 50; ++i) {
      source->print(20);
      ASSERT_TRUE(w.has_all());
    }
  }
  for (auto& each : slow_ones) each->resume();
  source->exit();
  std::uint64_t skipped = 0;
  for (auto& each : slow_ones) {
    expect_ending(*each, 1000, "container exited");
    skipped += expect_every_line_accounted_for(each->frames(), 1, source->printed());
  }
  EXPECT_GT(skipped, 0U) << "nobody was slow";
  w.expect_every_line();
}

TEST_F(slow_viewers, of_the_process_log_are_told_exactly_what_they_missed) {
  start(
      {{"process_log.lines", "2000"}, {"stream.stall_timeout", "1h"}, {"stream.window", "16KiB"}});
  const auto quick = spillway->watch(process_log);
  ASSERT_TRUE(quick->wait_for_text("listening on"));
  std::vector<std::unique_ptr<viewer>> stuck;
  for (int i = 0; i < 3; ++i) stuck.push_back(spillway->watch(process_log, slow()));
  // Each request is a line.
  auto requests = client();
  const std::string target = "/api/" + std::string(150, 'x');
  const auto ask = [&](int count) {
    for (int i = 0; i < count; ++i) {
      ASSERT_TRUE(requests.send("GET " + target + " HTTP/1.1\r\nHost: x\r\n\r\n"));
      const auto answer = requests.receive(4096);
      ASSERT_TRUE(answer.starts_with("HTTP/1.1 401") || answer.starts_with("HTTP/1.1 404"))
          << answer;
    }
  };
  ask(8'000);
  for (auto& each : stuck) each->resume();
  spillway->admin().get("/api/apps/the-last-request");
  ASSERT_TRUE(quick->wait_for_text("the-last-request"));
  const auto produced = quick->frames();
  for (const auto& frame : produced) ASSERT_EQ(frame.find("lines skipped"), std::string::npos);
  for (auto& each : stuck) {
    ASSERT_TRUE(each->wait_for_text("the-last-request"));
    std::uint64_t next = 0;
    std::uint64_t skipped = 0;
    for (const auto& frame : each->frames()) {
      const auto line = nlohmann::json::parse(frame).get<std::string>();
      const auto notice = line.find("[spillway] ");
      if (notice != std::string::npos && line.ends_with("skipped, this viewer is too slow")) {
        skipped += std::stoull(line.substr(notice + 11));
        next += std::stoull(line.substr(notice + 11));
        continue;
      }
      ASSERT_LT(next, produced.size());
      ASSERT_EQ(frame, produced[next]) << "at " << next;
      if (line.find("the-last-request") != std::string::npos) break;
      ++next;
    }
    EXPECT_GT(skipped, 0U) << "it was not slow";
  }
}

}  // namespace
}  // namespace spillway::system_test
