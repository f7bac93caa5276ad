// A Docker socket that is absent, answers garbage, stalls or dies: its own streams end with 1011,
// everything else lives on, and the next viewer is served once the engine is back.
#include "system/engine_proxy.hpp"
#include "system/fixture.hpp"

namespace spillway::system_test {
namespace {

using strings = std::vector<std::string>;
const std::string unavailable = R"({"error": "docker engine unavailable"})";

class engine_failures : public on_one_server<engine_failures> {
 public:
  static setting_values settings() {
    static const temp_dir directory;
    proxy_ = std::make_unique<engine_proxy>(docker_host().value_or("unix:///nowhere"),
                                            directory / "engine.sock");
    return {{"docker.host", proxy_->url()}, {"logs.linger", "1s"}};
  }
  static void TearDownTestSuite() {
    on_one_server::TearDownTestSuite();
    proxy_.reset();
  }

 protected:
  void SetUp() override {
    SPILLWAY_NEEDS_ENGINE();
    slug_ = new_slug();
    spillway().deploy(slug_, web_app(numbered_lines(1'000'000)));
  }

  void TearDown() override {
    EXPECT_EQ(spillway().nobody().get("/api/health").status, 200U);
    proxy().vanish();
    proxy().reappear();
    on_one_server::TearDown();
  }

  static engine_proxy& proxy() { return *proxy_; }

  /// Expects an error frame as the last one, and 1011.
  static void expect_failure(viewer& of) {
    const auto end = of.wait_closed();
    ASSERT_TRUE(end) << "the stream did not end";
    EXPECT_TRUE(end->close_frame) << end->error;
    EXPECT_EQ(end->code, 1011U);
    EXPECT_FALSE(end->reason.empty());
    EXPECT_EQ(keys_of(of.newest()), strings{"error"}) << of.newest();
  }

  void expect_service_again() {
    const auto next = spillway().watch(logs(slug_));
    EXPECT_TRUE(next->wait_for_count(200));
    expect_consecutive(line_numbers(next->frames()), line_numbers(next->frames()).front());
  }

  std::string slug_;

 private:
  static inline std::unique_ptr<engine_proxy> proxy_;
};

TEST_F(engine_failures, a_stream_cut_inside_of_a_frame_ends_its_viewers_alone) {
  const auto bystander = spillway().watch(process_log);
  ASSERT_TRUE(bystander->wait_for_count(1));
  std::vector<std::unique_ptr<viewer>> viewers;
  for (int i = 0; i < 3; ++i) {
    viewers.push_back(spillway().watch(logs(slug_, "tail=all")));
    ASSERT_TRUE(viewers.back()->wait_for_count(20));
  }
  proxy().cut_logs_mid_frame();
  for (const auto& each : viewers) {
    expect_failure(*each);
    auto frames = each->frames();
    frames.pop_back();
    expect_consecutive(line_numbers(frames), 1);
  }
  EXPECT_TRUE(bystander->open());
  proxy().vanish();
  proxy().reappear();
  expect_service_again();
}

TEST_F(engine_failures, an_absent_engine_is_told_and_not_mistaken_for_an_absent_container) {
  proxy().vanish();
  for (const auto& query : {"", "follow=false", "service=db"}) {
    const auto log = spillway().watch(logs(slug_, query));
    expect_failure(*log);
    EXPECT_EQ(log->frames(), strings{unavailable}) << query;
  }
  const auto services = spillway().admin().get("/api/apps/" + slug_ + "/services");
  EXPECT_GE(services.status, 500U) << services.body;
  EXPECT_TRUE(services.json().contains("error")) << services.body;
  proxy().reappear();
  expect_service_again();
}

TEST_F(engine_failures, a_deploy_without_an_engine_fails_in_words) {
  proxy().vanish();
  ASSERT_EQ(spillway().post_deploy(slug_, web_app("true"), true).status, 201U);
  const auto deploy = spillway().watch(deploy_logs(slug_));
  expect_ending(*deploy, 1000, "deploy finished");
  EXPECT_GE(deploy->count(), 2U) << "compose says why";
  EXPECT_EQ(text_of(deploy->newest(), "status"), "failed");
  EXPECT_NE(text_of(deploy->newest(), "exit_code"), "0");
  proxy().reappear();
}

TEST_F(engine_failures, an_engine_that_dies_with_all_its_connections_ends_the_streams) {
  const auto log = spillway().watch(logs(slug_));
  ASSERT_TRUE(log->wait_for_count(100));
  proxy().vanish();
  expect_failure(*log);
  const auto during = spillway().watch(logs(slug_));
  expect_failure(*during);
  EXPECT_EQ(during->frames(), strings{unavailable});
  proxy().reappear();
  expect_service_again();
}

TEST_F(engine_failures, garbage_instead_of_http_is_a_failed_source) {
  proxy().vanish();
  proxy().reappear();
  proxy().set_mode(proxy_mode::garbage);
  const auto log = spillway().watch(logs(slug_));
  expect_failure(*log);
  EXPECT_EQ(log->count(), 1U);
  proxy().set_mode(proxy_mode::transparent);
  expect_service_again();
}

TEST_F(engine_failures, an_engine_that_never_answers_is_given_up) {
  proxy().vanish();
  proxy().reappear();
  proxy().set_mode(proxy_mode::silent);
  const auto log = spillway().watch(logs(slug_));
  EXPECT_EQ(spillway().nobody().get("/api/health").status, 200U) << "nobody else waits for it";
  ASSERT_TRUE(log->wait_closed(2 * patience));
  expect_failure(*log);
  EXPECT_EQ(log->frames(), strings{unavailable});
}

TEST_F(engine_failures, a_frame_that_claims_700_mib_is_an_error_and_no_allocation) {
  proxy().vanish();
  proxy().reappear();
  const auto before = spillway().resident_bytes();
  proxy().set_mode(proxy_mode::absurd_frame);
  const auto log = spillway().watch(logs(slug_));
  expect_failure(*log);
  EXPECT_LT(spillway().resident_bytes(), before + (64U << 20));
  proxy().set_mode(proxy_mode::transparent);
  expect_service_again();
}

}  // namespace
}  // namespace spillway::system_test
