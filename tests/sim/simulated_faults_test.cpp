// What a simulated host does wrong on purpose.
#include "sim/simulated_host_fixture.hpp"

namespace spillway::sim {
namespace {

class faults_on_a_host : public a_simulated_host {
 protected:
  void start_with(const std::string& faults) {
    auto options = usual();
    options.apps = 1;
    options.model.lines_per_second = 500;
    options.faults = *parse_faults(faults, "test");
    start(options);
    ASSERT_TRUE(wait_until([&] { return engine().get("/containers/json").body.size() == 1; }));
  }
  /// A followed log until it ends, one way or another.
  std::string followed() const {
    return answer("/containers/simpledeploy-app-1_web_1/logs?stdout=1&stderr=1&follow=1&tail=0");
  }
};

TEST_F(faults_on_a_host, cut_a_stream_within_what_it_sends) {
  start_with("- {every: 50ms, fault: cut}");
  EXPECT_FALSE(followed().ends_with("0\r\n\r\n"));
  EXPECT_GE(host_->faults()["cut"], 1);
}

TEST_F(faults_on_a_host, tear_a_frame_within_its_header) {
  start_with("- {every: 50ms, fault: torn}");
  bool proper = false;
  bool improper = false;
  ASSERT_TRUE(wait_until([&] {
    const auto answer = followed();
    const bool ended = answer.ends_with("0\r\n\r\n");
    const std::string torn("3\r\n\x01\0\0", 6);
    EXPECT_NE(answer.find(torn), std::string::npos);
    (ended ? proper : improper) = true;
    return proper && improper;
  })) << "the draw decides whether the body ends properly";
}

TEST_F(faults_on_a_host, answer_500) {
  start_with("- {at: 500ms, fault: error, for: 1h}");
  ASSERT_TRUE(wait_until([&] { return engine().get("/version").status == 500; }));
  EXPECT_EQ(engine().get("/sim/containers").status, 200U) << "the truth is told all the same";
}

TEST_F(faults_on_a_host, take_the_socket_away_and_bring_it_back) {
  start_with("- {at: 500ms, fault: refuse, for: 300ms}");
  ASSERT_TRUE(wait_until([&] { return !raw_client(socket()).connected(); }));
  ASSERT_TRUE(wait_until([&] { return raw_client(socket()).connected(); }));
  EXPECT_EQ(engine().get("/_ping").status, 200U);
}

TEST_F(faults_on_a_host, restart_the_engine_with_all_that_runs) {
  start_with("- {at: 500ms, fault: engine-restart, for: 200ms}");
  const auto before = inspect("simpledeploy-app-1_web_1")["State"]["StartedAt"];
  EXPECT_FALSE(followed().ends_with("0\r\n\r\n")) << "connections are cut";
  ASSERT_TRUE(wait_until([&] {
    try {
      const auto state = inspect("simpledeploy-app-1_web_1");
      return state.is_object() && state["State"]["Running"] == true &&
             state["State"]["StartedAt"] != before;
    } catch (const engine_unreachable&) {
      return false;
    }
  }));
}

TEST_F(faults_on_a_host, end_a_container_and_start_it_again) {
  start_with("- {at: 300ms, fault: exit, code: 9, for: 100ms}");
  EXPECT_TRUE(followed().ends_with("0\r\n\r\n")) << "its log ends as it should";
  ASSERT_TRUE(
      wait_until([&] { return inspect("simpledeploy-app-1_web_1")["State"]["Running"] == true; }));
}

}  // namespace
}  // namespace spillway::sim
