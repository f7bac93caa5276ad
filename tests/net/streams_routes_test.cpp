// The live tree, the metrics, and what requests count for.
#include <gtest/gtest.h>

#include "net/fakes.hpp"

namespace spillway::net::testing {
namespace {

using namespace std::chrono_literals;

class plain_metrics : public metrics_page {
 public:
  std::string render(const actors::streams_report& streams, const server_figures& server) override {
    return "viewers " + std::to_string(streams.viewers) + " refused " +
           std::to_string(server.requests->refusals_for(refusal::credentials)) + " of " +
           std::to_string(server.connections_limit) + "\n";
  }
};

class streams_of_a_server : public ::testing::Test {
 protected:
  streams_of_a_server() {
    actors::publisher_report log;
    log.kind = actors::stream_kind::container;
    log.key = "container:501b";
    log.app = "shop";
    log.service = "web";
    log.replica = 2;
    log.state = "following";
    log.ring = {812, 131'072, 4'194'304};
    for (std::uint64_t id : {7U, 8U}) {
      actors::viewer_report viewer;
      viewer.id = id;
      viewer.user = id == 7 ? "anna" : "bert";
      viewer.address = "192.0.2.1";
      viewer.opened_at = protocol::timestamp(std::chrono::seconds(1'700'000'000));
      viewer.state = "live";
      viewer.lag_lines = 3;
      viewer.skipped_lines = 12;
      if (id == 8) viewer.writing_for = 1500ms;
      log.viewers.push_back(viewer);
    }
    actors::publisher_report process;
    process.key = "process";
    process.state = "following";
    server.gateway.tree = {{log, process}, 2, 0};
  }

  plain_metrics metrics;
  test_server server{
      {}, 512, 5s, transport::plain, [this](dependencies& deps) { deps.metrics = &metrics; }};
};

TEST_F(streams_of_a_server, are_shown_as_a_tree) {
  EXPECT_EQ(server.get("/api/system/streams", "admin").body,
            R"({"viewers":2,"max_viewers":50000,"publishers":[)"
            R"({"kind":"container","key":"container:501b","app":"shop","service":"web",)"
            R"("replica":2,"state":"following",)"
            R"("ring":{"lines":812,"bytes":131072,"capacity_bytes":4194304},"viewer_count":2,)"
            R"("viewers":[{"user":"anna","address":"192.0.2.1",)"
            R"("opened_at":"2023-11-14T22:13:20.000Z","state":"live","lag_lines":3,)"
            R"("skipped_lines":12,"writing_ms":null},)"
            R"({"user":"bert","address":"192.0.2.1","opened_at":"2023-11-14T22:13:20.000Z",)"
            R"("state":"live","lag_lines":3,"skipped_lines":12,"writing_ms":1500}]},)"
            R"({"kind":"process","key":"process","state":"following",)"
            R"("ring":{"lines":0,"bytes":0,"capacity_bytes":0},"viewer_count":0,"viewers":[]}]})");
}

TEST_F(streams_of_a_server, name_no_more_viewers_than_asked_for_and_count_them_all) {
  const auto body = server.get("/api/system/streams?viewers=1", "admin").body;
  EXPECT_NE(body.find("\"viewer_count\":2"), std::string::npos);
  EXPECT_NE(body.find("anna"), std::string::npos);
  EXPECT_EQ(body.find("bert"), std::string::npos);
  server.gateway.tree.publishers[0].viewers[1].lag_lines = 4;
  const auto behind = server.get("/api/system/streams?viewers=1", "admin").body;
  EXPECT_EQ(behind.find("anna"), std::string::npos) << "not the one furthest behind";
  EXPECT_NE(behind.find("bert"), std::string::npos);
  EXPECT_EQ(server.get("/api/system/streams?viewers=x", "admin").status, 400);
}

TEST_F(streams_of_a_server, and_its_metrics_are_for_administrators_alone) {
  for (auto path : {"/api/system/streams", "/metrics"}) {
    EXPECT_EQ(server.get(path).status, 401) << path;
    EXPECT_EQ(server.get(path, "viewer").status, 403) << path;
    EXPECT_EQ(server.get(path, "admin").status, 200) << path;
  }
}

TEST_F(streams_of_a_server, that_were_refused_are_counted) {
  raw_client client(server.port());
  client.send(upgrade_request("/api/apps/shop/logs", ""));
  EXPECT_EQ(client.read_answer().status, 401);
  const auto page = server.get("/metrics", "admin");
  EXPECT_EQ(page.body, "viewers 2 refused 1 of 20000\n");
  EXPECT_EQ(page.fields.at("content-type"), "text/plain; version=0.0.4; charset=utf-8");
}

TEST(a_server_without_metrics, has_no_such_page) {
  test_server server;
  EXPECT_EQ(server.get("/metrics", "admin").status, 404);
}

}  // namespace
}  // namespace spillway::net::testing
