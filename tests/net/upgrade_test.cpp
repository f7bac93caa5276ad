// Who gets a stream, and what everyone else is told.
#include <gtest/gtest.h>

#include "net/fakes.hpp"

namespace spillway::net::testing {
namespace {

constexpr const char* logs = "/api/apps/shop/logs";
constexpr const char* deploy_logs = "/api/apps/shop/deploy-logs";
constexpr const char* process_logs = "/api/system/process-logs/stream";

class an_upgrade : public ::testing::Test {
 protected:
  http_answer upgrade(std::string_view target, std::string_view fields) {
    return ask(server.port(), upgrade_request(target, fields));
  }

  test_server server;
};

TEST_F(an_upgrade, opens_the_stream_that_its_path_asks_for) {
  raw_client client(server.port());
  client.send(upgrade_request("/api/apps/shop/logs?service=db&tail=5", bearer("viewer")));
  auto answer = client.read_answer();
  EXPECT_EQ(answer.status, 101);
  EXPECT_EQ(answer.fields["sec-websocket-accept"], "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
  EXPECT_FALSE(answer.fields.contains("sec-websocket-extensions"));
  auto viewer = server.gateway.next_viewer();
  ASSERT_TRUE(viewer);
  EXPECT_EQ(viewer->from.who.user, "viewer");
  EXPECT_EQ(viewer->from.address.to_string(), "127.0.0.1");
  EXPECT_EQ(viewer->request.app->text(), "shop");
  auto& what = std::get<protocol::container_logs_request>(viewer->request.what);
  EXPECT_EQ(what.service, "db");
  EXPECT_EQ(what.tail, 5u);
}

TEST_F(an_upgrade, with_a_bad_parameter_is_the_streams_to_answer) {
  EXPECT_EQ(upgrade("/api/apps/shop/logs?tail=x", bearer("viewer")).status, 101);
  auto viewer = server.gateway.next_viewer();
  ASSERT_TRUE(viewer);
  EXPECT_TRUE(std::holds_alternative<protocol::invalid_request>(viewer->request.what));
}

TEST_F(an_upgrade, needs_credentials_a_grant_and_a_role) {
  struct row {
    const char* target;
    const char* caller;
    int status;
  };
  const row rows[] = {{logs, "", 401},
                      {logs, "wrong", 401},
                      {logs, "stranger", 404},
                      {logs, "viewer", 101},
                      {logs, "manager", 101},
                      {logs, "admin", 101},
                      {deploy_logs, "", 401},
                      {deploy_logs, "stranger", 404},
                      {deploy_logs, "viewer", 101},
                      {process_logs, "", 401},
                      {process_logs, "viewer", 403},
                      {process_logs, "manager", 403},
                      {process_logs, "admin", 101},
                      {"/api/apps/secret/logs", "viewer", 404},
                      {"/api/apps/absent/logs", "viewer", 404},
                      {"/api/apps/absent/logs", "admin", 404},
                      {"/api/apps/../logs", "admin", 404},
                      {"/api/apps/shop", "admin", 200},
                      {"/api/nothing", "admin", 404}};
  for (const auto& [target, caller, status] : rows) {
    auto fields = *caller == '\0' ? std::string() : bearer(caller);
    auto answer = upgrade(target, fields);
    EXPECT_EQ(answer.status, status) << target << " as " << caller;
    if (status == 404) {
      EXPECT_EQ(answer.body, R"({"error":"not found"})");
    }
  }
}

TEST_F(an_upgrade, takes_the_session_cookie) {
  EXPECT_EQ(upgrade(logs, "Cookie: theme=dark; session=viewer\r\n").status, 101);
}

TEST_F(an_upgrade, is_required_on_a_streams_path) {
  for (auto target : {logs, deploy_logs, process_logs}) {
    auto plain = server.get(target, "admin");
    EXPECT_EQ(plain.status, 426);
    EXPECT_EQ(plain.fields["upgrade"], "websocket");
    EXPECT_EQ(plain.fields["connection"], "upgrade");
    auto posted = server.send("POST", target, "admin");
    EXPECT_EQ(posted.status, 405);
    EXPECT_EQ(posted.fields["allow"], "GET");
  }
  // The connection is still good for HTTP.
  raw_client client(server.port());
  client.send(plain_request("GET", logs) + plain_request("GET", "/api/health"));
  EXPECT_EQ(client.read_answer().status, 426);
  EXPECT_EQ(client.read_answer().status, 200);
}

TEST_F(an_upgrade, must_be_well_formed) {
  auto with = [](std::string from, std::string to) {
    auto request = upgrade_request(logs, bearer("viewer"));
    request.replace(request.find(from), from.size(), to);
    return request;
  };
  for (const auto& request :
       {with("Version: 13", "Version: 12"), with("Version: 13", "Version: x"),
        with("Sec-WebSocket-Version: 13\r\n", ""), with("dGhlIHNhbXBsZSBub25jZQ==", "short"),
        with("dGhlIHNhbXBsZSBub25jZQ==", "AAAA"),
        with("dGhlIHNhbXBsZSBub25jZQ==", "dGhlIHNhbXBsZSBub25jZQdGhlIHNhbXBsZSBub25jZQ=="),
        with("dGhlIHNhbXBsZSBub25jZQ==", "%%%%IHNhbXBsZSBub25jZQ=="),
        with("keep-alive, Upgrade", "keep-alive"), with("Host: spillway.test\r\n", ""),
        with("HTTP/1.1", "HTTP/1.0"),
        with("Upgrade: websocket", "Content-Length: 3\r\nUpgrade: websocket")}) {
    EXPECT_EQ(ask(server.port(), request + "abc").status, 400) << request;
  }
  EXPECT_EQ(server.gateway.opened(), 0u);
}

TEST_F(an_upgrade, from_a_foreign_page_is_completed_and_closed_whatever_the_credentials) {
  for (auto target : {logs, deploy_logs, process_logs, "/api/apps/absent/logs"}) {
    for (auto origin : {"http://evil.test", "null", "https://spillway.test", "",
                        "http://spillway.test:81", "http://spillway.test.", "nonsense",
                        "http://admin@spillway.test", "http://spillway.test, http://evil.test"}) {
      for (const auto& fields : {std::string(), bearer("wrong"), bearer("stranger"),
                                 bearer("admin"), std::string("Authorization: Basic eDp5\r\n"),
                                 std::string("Cookie: session=admin\r\n")}) {
        raw_client client(server.port());
        client.send(upgrade_request(target, fields + "Origin: " + origin + "\r\n"));
        EXPECT_EQ(client.read_answer().status, 101) << origin;
        auto first = client.read_frame();
        ASSERT_TRUE(first) << origin;
        EXPECT_EQ(first->opcode, 8) << "nothing before the close frame";
        EXPECT_EQ(first->payload, "\x03\xf0origin not allowed") << target << " from " << origin;
        client.send(client_close(1008));
        EXPECT_TRUE(client.read_to_end());
      }
    }
  }
  EXPECT_EQ(server.gateway.opened(), 0u);
  EXPECT_EQ(server.users.asked, 0) << "credentials come after the origin";
}

TEST_F(an_upgrade, with_two_origins_is_refused) {
  const std::string own = "Origin: http://spillway.test\r\n";
  auto two = upgrade(logs, bearer("viewer") + own + "Origin: http://evil.test\r\n");
  EXPECT_EQ(two.status, 400);
  EXPECT_EQ(two.body, R"({"error":"two Origin fields differ"})");
  EXPECT_EQ(upgrade(logs, bearer("viewer") + own + own).status, 101);
}

TEST_F(an_upgrade, from_the_servers_own_page_is_judged_by_its_credentials) {
  EXPECT_EQ(upgrade(logs, bearer("viewer") + "Origin: http://spillway.test\r\n").status, 101);
  EXPECT_EQ(upgrade(logs, bearer("viewer") + "Origin: HTTP://Spillway.test:80\r\n").status, 101);
  EXPECT_EQ(upgrade(logs, "Origin: http://spillway.test\r\n").status, 401);
}

TEST(an_upgrade_from_an_allowed_origin, is_judged_by_its_credentials) {
  config::settings settings;
  settings.allowed_origins = {"https://dash.test"};
  test_server server(settings);
  for (auto origin : {"https://dash.test", "https://DASH.test:443", "http://spillway.test"}) {
    for (auto target : {logs, deploy_logs, process_logs}) {
      auto from = "Origin: " + std::string(origin) + "\r\n";
      EXPECT_EQ(ask(server.port(), upgrade_request(target, bearer("admin") + from)).status, 101);
      EXPECT_EQ(ask(server.port(), upgrade_request(target, from)).status, 401);
    }
  }
  raw_client plain(server.port());
  plain.send(upgrade_request(logs, bearer("viewer") + "Origin: http://dash.test\r\n"));
  EXPECT_EQ(plain.read_answer().status, 101);
  EXPECT_EQ(plain.read_close(), (ws_close{1008, "origin not allowed"}));
}

TEST(an_upgrade_over_a_limit, is_refused_before_the_handshake) {
  config::settings settings;
  settings.limits.max_viewers = 3;
  settings.limits.max_viewers_per_user = 2;
  test_server server(settings);
  std::vector<std::unique_ptr<raw_client>> clients;
  auto open = [&](std::string_view user) {
    clients.push_back(std::make_unique<raw_client>(server.port()));
    clients.back()->send(upgrade_request(logs, bearer(user)));
    return clients.back()->read_answer();
  };
  EXPECT_EQ(open("viewer").status, 101);
  EXPECT_EQ(open("viewer").status, 101);
  auto third = open("viewer");
  EXPECT_EQ(third.status, 429);
  EXPECT_TRUE(third.fields.contains("retry-after"));
  EXPECT_EQ(open("manager").status, 101);
  auto past = open("admin");
  EXPECT_EQ(past.status, 503);
  EXPECT_TRUE(past.fields.contains("retry-after"));
  // Whoever may not watch is told so, not that it is full.
  EXPECT_EQ(open("stranger").status, 404);
  // A place is free again once its viewer has gone.
  auto viewer = server.gateway.next_viewer();
  ASSERT_TRUE(viewer);
  viewer->abort();
  ASSERT_TRUE(viewer->wait_gone());
  EXPECT_EQ(open("admin").status, 101);
}

}  // namespace
}  // namespace spillway::net::testing
