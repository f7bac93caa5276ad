// What the routes answer, and what they make of bad input.
#include <gtest/gtest.h>

#include "net/fakes.hpp"

namespace spillway::net::testing {
namespace {

class rest : public ::testing::Test {
 protected:
  std::string body_of(std::string_view target, std::string_view token = "admin") {
    return server.get(target, token).body;
  }

  /// As many attempts as a test likes.
  static config::settings patient() {
    config::settings settings;
    settings.auth.login_attempts.count = 1'000;
    return settings;
  }

  test_server server{patient()};
};

TEST_F(rest, lists_the_apps_that_the_caller_may_see_with_their_state) {
  server.engine.containers = {{"1", "p-shop", "web", 1, "running", ""},
                              {"2", "p-shop", "db", 1, "exited", ""}};
  server.gateway.busy = {"shop"};
  EXPECT_EQ(body_of("/api/apps", "viewer"),
            R"([{"ID":"shop","Name":"shop","Slug":"shop","Status":"partial","deploying":true}])");
  EXPECT_EQ(body_of("/api/apps", "admin"),
            R"([{"ID":"secret","Name":"secret","Slug":"secret","Status":"stopped",)"
            R"("deploying":false},)"
            R"({"ID":"shop","Name":"shop","Slug":"shop","Status":"partial","deploying":true}])");
  EXPECT_EQ(body_of("/api/apps", "stranger"), "[]");
}

TEST_F(rest, says_unknown_of_an_app_while_the_engine_does_not_answer) {
  server.engine.available = false;
  EXPECT_EQ(body_of("/api/apps/shop"),
            R"({"ID":"shop","Name":"shop","Slug":"shop","Status":"unknown","deploying":false})");
  auto services = server.get("/api/apps/shop/services", "viewer");
  EXPECT_EQ(services.status, 503);
  EXPECT_EQ(services.body, R"({"error":"docker engine unavailable"})");
}

TEST_F(rest, lists_services) {
  server.engine.containers = {{"1", "p-shop", "web", 1, "running", "healthy"},
                              {"2", "p-secret", "db", 1, "exited", ""}};
  EXPECT_EQ(body_of("/api/apps/shop/services"),
            R"([{"service":"web","state":"running","health":"healthy","replicas":1}])");
}

TEST_F(rest, lists_recorded_deploys) {
  EXPECT_EQ(body_of("/api/apps/shop/events"),
            R"([{"id":"d2","action":"restart","status":"running","exit_code":null,"user":"ann",)"
            R"("started_at":"2023-11-14T22:13:20.000Z","finished_at":null},)"
            R"({"id":"d1","action":"deploy","status":"failed","exit_code":3,"user":"bob",)"
            R"("started_at":"2023-11-14T22:13:20.000Z",)"
            R"("finished_at":"2023-11-14T22:13:22.000Z"}])");
}

TEST_F(rest, hands_out_a_deploys_frames_as_ndjson) {
  auto log = server.get("/api/apps/shop/deploys/d1/log", "viewer");
  EXPECT_EQ(log.fields["content-type"], "application/x-ndjson");
  EXPECT_EQ(log.body, "{\"done\":false}\n{\"done\":true}\n");
  EXPECT_EQ(server.get("/api/apps/shop/deploys/d9/log", "viewer").status, 404);
  EXPECT_EQ(server.get("/api/apps/shop/deploys/..%2fd1/log", "admin").status, 404);
}

TEST_F(rest, hands_out_the_process_log_with_its_timestamps_apart) {
  EXPECT_EQ(body_of("/api/system/process-logs"),
            R"([{"timestamp":"2026-04-17T10:14:32.118Z","message":"[api] handled GET /"},)"
            R"({"timestamp":"","message":"bare words"}])");
  EXPECT_EQ(server.gateway.asked_lines, 500u);
  body_of("/api/system/process-logs?limit=7");
  EXPECT_EQ(server.gateway.asked_lines, 7u);
  body_of("/api/system/process-logs?limit=999999999");
  EXPECT_EQ(server.gateway.asked_lines, 1000u);
  for (auto bad : {"0", "-1", "x", "1x", "99999999999999999999"}) {
    EXPECT_EQ(server.get("/api/system/process-logs?limit=" + std::string(bad), "admin").status, 400)
        << bad;
  }
}

TEST_F(rest, sets_the_session_cookie_at_login_and_takes_it_back_at_logout) {
  auto in = server.send("POST", "/api/auth/login", "", R"({"username":"ann","password":"right"})");
  EXPECT_EQ(in.body, R"({"username":"ann","role":"viewer"})");
  EXPECT_EQ(in.fields["set-cookie"],
            "session=cookie-value; HttpOnly; SameSite=Strict; Path=/; Max-Age=86400");
  auto out = server.send("POST", "/api/auth/logout", "viewer");
  EXPECT_EQ(out.fields["set-cookie"], "session=; HttpOnly; SameSite=Strict; Path=/; Max-Age=0");
  auto wrong = server.send("POST", "/api/auth/login", "", R"({"username":"a","password":"b"})");
  EXPECT_EQ(wrong.status, 401);
  EXPECT_FALSE(wrong.fields.contains("set-cookie"));
}

TEST_F(rest, answers_a_body_of_the_wrong_form_with_400) {
  for (auto body : {"", "{", "[]", "\"a\"", "null", "{\"username\":1,\"password\":\"b\"}",
                    "{\"username\":\"a\"}", "{\"username\":\"a\xff\",\"password\":\"b\"}"}) {
    for (auto path : {"/api/setup", "/api/auth/login"}) {
      EXPECT_EQ(server.send("POST", path, "", body).status, 400) << path << body;
    }
  }
  EXPECT_EQ(server.send("POST", "/api/apikeys", "viewer", R"({"name":[]})").body,
            R"({"error":"name must be a string"})");
  EXPECT_EQ(server.send("POST", "/api/setup", "", std::string(60'000, '[')).status, 400);
}

TEST_F(rest, answers_an_unknown_path_with_404_and_a_wrong_method_with_405) {
  for (auto path :
       {"/assets/x.js", "//", "/api", "/api/", "/api/apps/", "/api/apps/shop/", "/api//apps",
        "/API/apps", "/api/apps/shop/nothing", "/api/health/x", "//api/health"}) {
    auto answer = server.get(path, "admin");
    EXPECT_EQ(answer.status, 404) << path;
    EXPECT_EQ(answer.body, R"({"error":"not found"})");
  }
  auto wrong = server.send("PUT", "/api/apps/shop", "admin");
  EXPECT_EQ(wrong.status, 405);
  EXPECT_EQ(wrong.fields["allow"], "GET, DELETE");
  EXPECT_EQ(server.send("BREW", "/api/health", "admin").fields["allow"], "GET");
  EXPECT_EQ(server.send("GET", "/api/apps/deploy", "admin").status, 404);
}

TEST_F(rest, has_no_harm_from_a_hostile_slug) {
  for (const auto& slug :
       {std::string(".."), std::string("%2e%2e"), std::string("..%2f..%2fetc"), std::string("."),
        std::string("a%00b"), std::string(10'000, 'a'), std::string("-rf"), std::string("shop;id"),
        std::string("sh\xc3\xb6p"), std::string("../shop")}) {
    for (const auto& tail : {"", "/logs", "/deploy-logs", "/services"}) {
      auto status = server.get("/api/apps/" + slug + tail, "admin").status;
      EXPECT_TRUE(status == 404 || status == 400) << slug << tail << " " << status;
    }
    EXPECT_EQ(server.send("DELETE", "/api/apps/" + slug, "admin").status / 100, 4) << slug;
  }
  EXPECT_TRUE(server.gateway.runs.empty());
}

}  // namespace
}  // namespace spillway::net::testing
