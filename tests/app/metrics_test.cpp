// What a scraper gets.
#include "app/metrics.hpp"

#include <gtest/gtest.h>

#include <regex>
#include <sstream>

#include "app/metered_ports.hpp"
#include "app/process_figures.hpp"

namespace spillway::app {
namespace {

using namespace std::chrono_literals;

class metrics_of_a_server : public ::testing::Test {
 protected:
  std::string page() { return counts.render(streams, {2, 3, 4, 5, 6, &requests}); }
  /// The value of a line that begins with `name`.
  std::string value_of(const std::string& name) {
    std::istringstream lines(page());
    for (std::string line; std::getline(lines, line);) {
      if (line.starts_with(name + " ")) return line.substr(name.size() + 1);
    }
    return "none";
  }

  config::settings settings;
  std::shared_ptr<actors::stream_meters> meters = std::make_shared<actors::stream_meters>();
  net::request_meters requests;
  actors::streams_report streams;
  metrics counts{settings, meters};
};

TEST_F(metrics_of_a_server, are_in_the_text_format) {
  const std::regex line(R"(# (HELP|TYPE) \w+ .+|\w+(\{\w+="[^"]*"(,\w+="[^"]*")*\})? [-+.e\d]+)");
  std::istringstream lines(page());
  std::size_t count = 0;
  for (std::string text; std::getline(lines, text); ++count) {
    EXPECT_TRUE(std::regex_match(text, line)) << text;
  }
  EXPECT_GT(count, 100U);
}

TEST_F(metrics_of_a_server, count_lines_and_ends) {
  meters->came_in(actors::stream_kind::container, 7, 700);
  meters->went_out(actors::stream_kind::container, 14, 1'500, 3);
  meters->ended(actors::end_cause::container_exited);
  meters->ended(actors::end_cause::viewer_stalled);
  EXPECT_EQ(value_of(R"(spillway_lines_in_total{stream="container"})"), "7");
  EXPECT_EQ(value_of(R"(spillway_bytes_in_total{stream="container"})"), "700");
  EXPECT_EQ(value_of(R"(spillway_lines_out_total{stream="container"})"), "14");
  EXPECT_EQ(value_of(R"(spillway_bytes_out_total{stream="container"})"), "1500");
  EXPECT_EQ(value_of(R"(spillway_lines_skipped_total{stream="container"})"), "3");
  EXPECT_EQ(value_of(R"(spillway_lines_in_total{stream="deploy"})"), "0");
  EXPECT_EQ(value_of(R"(spillway_closes_total{code="1000",cause="container_exited"})"), "1");
  EXPECT_EQ(value_of(R"(spillway_closes_total{code="none",cause="viewer_stalled"})"), "1");
}

TEST_F(metrics_of_a_server, tell_who_lags_and_who_is_stalled) {
  actors::publisher_report log;
  log.kind = actors::stream_kind::container;
  log.state = "following";
  log.mailbox = 9;
  log.viewers.resize(3);
  log.viewers[1].lag_lines = 5;
  log.viewers[1].writing_for = 1s;
  log.viewers[2].lag_lines = 50;
  log.viewers[2].writing_for = 6s;
  actors::publisher_report broker;
  broker.kind = actors::stream_kind::deploy;
  broker.state = "queued";
  streams = {{log, broker}, 3, 4};
  EXPECT_EQ(value_of(R"(spillway_publishers{stream="container"})"), "1");
  EXPECT_EQ(value_of(R"(spillway_viewers{stream="container"})"), "3");
  EXPECT_EQ(value_of(R"(spillway_viewers_lagging{stream="container"})"), "2");
  EXPECT_EQ(value_of(R"(spillway_viewers_stalled{stream="container"})"), "1");
  EXPECT_EQ(value_of(R"(spillway_viewer_lag_lines_max{stream="container"})"), "50");
  EXPECT_EQ(value_of("spillway_actor_mailbox_depth_max"), "9");
  EXPECT_EQ(value_of("spillway_deploy_queue_length"), "1");
  EXPECT_EQ(value_of("spillway_deploys_running"), "0");
  EXPECT_EQ(value_of("spillway_deploys_running_limit"), "3");
}

TEST_F(metrics_of_a_server, count_requests_and_refusals_beside_the_limits) {
  requests.answered(200);
  requests.answered(200);
  requests.answered(404);
  requests.refused(net::refusal::origin);
  EXPECT_EQ(value_of(R"(spillway_http_requests_total{code="200"})"), "2");
  EXPECT_EQ(value_of(R"(spillway_http_requests_total{code="404"})"), "1");
  EXPECT_EQ(value_of(R"(spillway_http_requests_total{code="500"})"), "none");
  EXPECT_EQ(value_of(R"(spillway_upgrade_refusals_total{cause="origin"})"), "1");
  EXPECT_EQ(value_of(R"(spillway_upgrade_refusals_total{cause="limit_server"})"), "0");
  EXPECT_EQ(value_of("spillway_viewers_open"), "2");
  EXPECT_EQ(value_of("spillway_viewers_limit"), "50000");
  EXPECT_EQ(value_of("spillway_connections"), "3");
  EXPECT_EQ(value_of("spillway_connections_limit"), "4");
}

TEST_F(metrics_of_a_server, tell_of_the_process) {
  const auto process = read_process_figures();
  EXPECT_GT(process.resident_bytes, 1U << 20);
  EXPECT_GE(process.threads, 1U);
  EXPECT_GE(process.open_descriptors, 3U);
  EXPECT_GE(process.max_descriptors, process.open_descriptors);
  const auto now =
      std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch());
  EXPECT_LE(process.started_at, now.count() + 2);
  EXPECT_GT(process.started_at, now.count() - 86'400);
  EXPECT_NE(value_of("process_resident_memory_bytes"), "none");
}

/// Answers at once with what it is told to.
class scripted_engine : public actors::container_engine {
 public:
  void list(std::string, list_handler handler) override {
    if (error) return handler(tl::unexpected(*error));
    handler(std::vector<actors::container_info>{});
  }
  std::unique_ptr<actors::log_stream> open_log(std::string, actors::log_query,
                                               chunk_handler handler) override {
    auto chunk = std::make_shared<actors::log_chunk>();
    chunk->end = error ? actors::log_end::failed : actors::log_end::end_of_history;
    if (error) chunk->error = *error;
    handler(std::move(chunk));
    return nullptr;
  }
  std::optional<actors::engine_error> error;
};

TEST_F(metrics_of_a_server, count_what_the_engine_is_asked_and_fails_to_answer) {
  EXPECT_EQ(value_of(R"(spillway_engine_calls_total{call="logs"})"), "0");
  EXPECT_EQ(value_of(R"(spillway_engine_errors_total{call="logs",error="unavailable"})"), "0");
  scripted_engine inner;
  metered_engine engine(inner, counts);
  int answers = 0;
  const auto list = [&] { engine.list("p", [&](const auto&) { ++answers; }); };
  const auto logs = [&] { engine.open_log("c", {}, [&](const auto&) { ++answers; }); };
  list();
  logs();
  inner.error = actors::engine_error{actors::engine_errc::unavailable, "gone"};
  list();
  logs();
  EXPECT_EQ(answers, 4);
  EXPECT_EQ(value_of(R"(spillway_engine_calls_total{call="list"})"), "2");
  EXPECT_EQ(value_of(R"(spillway_engine_calls_total{call="logs"})"), "2");
  EXPECT_EQ(value_of(R"(spillway_engine_errors_total{call="list",error="unavailable"})"), "1");
  EXPECT_EQ(value_of(R"(spillway_engine_errors_total{call="logs",error="unavailable"})"), "1");
}

/// Takes an end at the second try.
class slow_journal : public actors::deploy_journal {
 public:
  void begin(actors::deploy_record, done_handler handler) override { handler({}); }
  void append(std::string, std::string, std::string, done_handler handler) override { handler({}); }
  void finish(actors::deploy_record, done_handler handler) override {
    if (++tries == 1) return handler(tl::unexpected(std::string("disk full")));
    handler({});
  }
  void read(std::string, std::string, std::uint64_t, std::size_t, part_handler) override {}
  int tries = 0;
};

TEST_F(metrics_of_a_server, count_a_deploy_once_its_end_is_recorded) {
  slow_journal inner;
  metered_journal journal(inner, counts);
  const protocol::timestamp begin{100s};
  const actors::deploy_record record{"d1", "shop", "deploy", "failed",
                                     1,    "anna", begin,    begin + 15s};
  const std::string deploys = R"(spillway_deploys_total{action="deploy",status="failed"})";
  journal.finish(record, [](auto) {});
  EXPECT_EQ(value_of(deploys), "0");
  journal.finish(record, [](auto) {});
  EXPECT_EQ(value_of(deploys), "1");
  EXPECT_EQ(value_of(R"(spillway_deploy_duration_seconds_bucket{le="10"})"), "0");
  EXPECT_EQ(value_of(R"(spillway_deploy_duration_seconds_bucket{le="20"})"), "1");
  EXPECT_EQ(value_of("spillway_deploy_duration_seconds_sum"), "15");
}

TEST_F(metrics_of_a_server, count_no_time_for_a_deploy_during_which_the_clock_was_set_back) {
  slow_journal inner;
  inner.tries = 1;
  metered_journal journal(inner, counts);
  const protocol::timestamp begin{100s};
  journal.finish({"d1", "shop", "deploy", "success", 0, "anna", begin, begin - 15s}, [](auto) {});
  EXPECT_EQ(value_of("spillway_deploy_duration_seconds_sum"), "0");
  EXPECT_EQ(value_of("spillway_deploy_duration_seconds_count"), "1");
}

}  // namespace
}  // namespace spillway::app
