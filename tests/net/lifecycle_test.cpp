// What starts a run, with which steps, and who is told what.
#include <gtest/gtest.h>

#include "net/fakes.hpp"

namespace spillway::net::testing {
namespace {

constexpr std::string_view compose_file = "c2VydmljZXM6IHt9Cg==";  // "services: {}\n"

std::string order(std::string_view name, std::string_view compose = compose_file,
                  bool force = false) {
  return R"({"name":")" + std::string(name) + R"(","compose":")" + std::string(compose) +
         R"(","force":)" + (force ? "true" : "false") + "}";
}

std::string words(const actors::run_request& run) {
  std::string out = run.action + ":";
  for (const auto& step : run.steps) {
    out += " " + step.action + "(";
    for (const auto& argument : step.arguments) out += argument + ",";
    out.back() = ')';
  }
  return out;
}

class lifecycle : public ::testing::Test {
 protected:
  http_answer post(std::string_view path, std::string_view body = {},
                   std::string_view token = "manager") {
    return server.send("POST", path, token, body);
  }
  std::string compose_of(const std::string& app) {
    std::lock_guard lock(server.catalog.mutex);
    return server.catalog.apps[app];
  }

  test_server server;
};

TEST_F(lifecycle, runs_the_steps_of_each_action) {
  const std::pair<const char*, const char*> actions[] = {
      {"pull", "pull: pull(pull) up(up,-d,--remove-orphans)"},
      {"restart", "restart: restart(restart)"},
      {"stop", "stop: stop(stop)"},
      {"start", "start: start(start)"}};
  for (const auto& [action, steps] : actions) {
    auto answer = post("/api/apps/shop/" + std::string(action));
    auto id = "run-" + std::to_string(server.gateway.runs.size());
    EXPECT_EQ(answer.body, R"({"status":"accepted","deploy_id":")" + id + R"("})");
    const auto& run = server.gateway.runs.back();
    EXPECT_EQ(words(run), steps);
    EXPECT_EQ(run.app.text(), "shop");
    EXPECT_EQ(run.project, "p-shop");
    EXPECT_EQ(run.compose_file, "/apps/shop/docker-compose.yml");
    EXPECT_EQ(run.user, "manager");
  }
}

TEST_F(lifecycle, scales_what_the_body_names) {
  EXPECT_EQ(post("/api/apps/shop/scale", R"({"scales":{"web":3,"job":0}})").status, 202);
  EXPECT_EQ(words(server.gateway.runs.back()),
            "scale: scale(up,-d,--no-recreate,--scale,job=0,--scale,web=3)");
  for (auto body :
       {"{}", R"({"scales":{}})", R"({"scales":[]})", R"({"scales":{"web":-1}})",
        R"({"scales":{"web":1.5}})", R"({"scales":{"web":"3"}})", R"({"scales":{"--help":3}})",
        R"({"scales":{"web":1001}})", R"({"scales":{"a=b":1}})"}) {
    EXPECT_EQ(post("/api/apps/shop/scale", body).status, 400) << body;
  }
  EXPECT_EQ(server.gateway.runs.size(), 1u);
}

TEST_F(lifecycle, tells_why_a_run_was_refused) {
  server.gateway.refusal = actors::run_refusal::busy;
  auto busy = post("/api/apps/shop/stop");
  EXPECT_EQ(busy.status, 409);
  EXPECT_EQ(busy.body, R"({"error":"a deploy of this app is under way"})");
  server.gateway.refusal = actors::run_refusal::stopping;
  EXPECT_EQ(post("/api/apps/shop/stop").status, 503);
  server.gateway.refusal = actors::run_refusal::unrecorded;
  EXPECT_EQ(post("/api/apps/shop/stop").status, 500);
  server.gateway.refusal.reset();
  EXPECT_EQ(post("/api/apps/shop/stop").status, 202);
}

TEST_F(lifecycle, cancels_the_run_that_is_under_way) {
  EXPECT_EQ(post("/api/apps/shop/cancel").status, 409);
  server.gateway.busy = {"shop"};
  EXPECT_EQ(post("/api/apps/shop/cancel").body, R"({"status":"accepted"})");
  EXPECT_EQ(post("/api/apps/shop/cancel", R"({"deploy_id":"run-1"})").status, 202);
  EXPECT_EQ(post("/api/apps/shop/cancel", R"({"deploy_id":"run-0"})").body,
            R"({"error":"this deploy has ended"})");
  EXPECT_EQ(post("/api/apps/shop/cancel", R"({"deploy_id":7})").status, 400);
}

TEST_F(lifecycle, creates_an_app_for_a_super_admin) {
  auto answer = post("/api/apps/deploy", order("fresh"), "admin");
  EXPECT_EQ(answer.status, 201);
  EXPECT_EQ(answer.body, R"({"name":"fresh","status":"deploying","deploy_id":"run-1"})");
  EXPECT_EQ(compose_of("fresh"), "services: {}\n");
  EXPECT_EQ(words(server.gateway.runs.back()), "deploy: up(up,-d,--remove-orphans)");
}

TEST_F(lifecycle, deploys_an_existing_app_again_only_with_force) {
  EXPECT_EQ(post("/api/apps/deploy", order("shop"), "admin").status, 409);
  EXPECT_EQ(compose_of("shop"), "old");
  EXPECT_EQ(post("/api/apps/deploy", order("shop", compose_file, true), "manager").status, 201);
  EXPECT_EQ(compose_of("shop"), "services: {}\n");
}

TEST_F(lifecycle, creates_nothing_for_a_manager_and_tells_nothing_of_other_apps) {
  auto absent = post("/api/apps/deploy", order("absent", compose_file, true));
  auto hidden = post("/api/apps/deploy", order("secret", compose_file, true));
  auto granted_but_absent = post("/api/apps/deploy", order("ghost", compose_file, true));
  EXPECT_EQ(absent.status, 403);
  EXPECT_EQ(hidden.body, absent.body);
  EXPECT_EQ(granted_but_absent.body, absent.body);
  EXPECT_TRUE(server.gateway.runs.empty());
  EXPECT_EQ(compose_of("secret"), "old");
}

TEST_F(lifecycle, leaves_the_compose_file_alone_while_a_run_is_under_way) {
  server.gateway.busy = {"shop"};
  EXPECT_EQ(post("/api/apps/deploy", order("shop", compose_file, true)).status, 409);
  EXPECT_EQ(compose_of("shop"), "old");
}

TEST_F(lifecycle, lets_no_second_request_in_while_one_prepares_its_run) {
  std::promise<void> release;
  server.gateway.hold_deploying = release.get_future();
  auto held = server.gateway.deploying_held.get_future();
  auto first = std::async(std::launch::async, [&] {
    return post("/api/apps/deploy", order("shop", compose_file, true)).status;
  });
  ASSERT_EQ(held.wait_for(patience), std::future_status::ready);
  EXPECT_EQ(post("/api/apps/deploy", order("shop", "c2VydmljZXM6IHsgfQ==", true)).status, 409);
  EXPECT_EQ(post("/api/apps/shop/restart").status, 409);
  EXPECT_EQ(post("/api/apps/deploy", order("fresh"), "admin").status, 201);
  release.set_value();
  EXPECT_EQ(first.get(), 201);
  EXPECT_EQ(compose_of("shop"), "services: {}\n");
  EXPECT_EQ(post("/api/apps/shop/restart").status, 202);
}

TEST_F(lifecycle, goes_back_to_a_version_and_deploys_it) {
  auto answer = post("/api/apps/shop/rollback", R"({"version_id":1})");
  EXPECT_EQ(answer.status, 202);
  EXPECT_EQ(answer.body, R"({"status":"accepted","deploy_id":"run-1"})");
  EXPECT_EQ(compose_of("shop"), "old by manager");
  EXPECT_EQ(words(server.gateway.runs.back()), "rollback: up(up,-d,--remove-orphans)");
}

TEST_F(lifecycle, goes_back_to_nothing_that_is_no_version_of_the_app) {
  for (auto id : {"3", "0", "-1", "18446744073709551615"})
    EXPECT_EQ(post("/api/apps/shop/rollback", R"({"version_id":)" + std::string(id) + "}").body,
              R"({"error":"version not found"})")
        << id;
  for (auto body :
       {"", "[]", "{}", R"({"version_id":"1"})", R"({"version_id":1.5})", R"({"version_id":null})"})
    EXPECT_EQ(post("/api/apps/shop/rollback", body).status, 400) << body;
  EXPECT_TRUE(server.gateway.runs.empty());
  EXPECT_EQ(compose_of("shop"), "old");
}

TEST_F(lifecycle, goes_back_only_when_no_run_reads_the_compose_file) {
  server.gateway.busy = {"shop"};
  EXPECT_EQ(post("/api/apps/shop/rollback", R"({"version_id":1})").status, 409);
  EXPECT_EQ(compose_of("shop"), "old");
}

TEST_F(lifecycle, shows_versions_to_readers_and_their_text_to_those_who_may_deploy) {
  auto list = server.get("/api/apps/shop/versions", "viewer");
  EXPECT_EQ(list.body, R"([{"id":2,"created_at":"2026-04-17T10:14:33.000Z","user":"ann","bytes":3,)"
                       R"("current":true},{"id":1,"created_at":"2026-04-17T10:14:32.118Z",)"
                       R"("user":"","bytes":3,"current":false}])");
  EXPECT_EQ(server.get("/api/apps/shop/versions/1", "viewer").status, 403);
  EXPECT_EQ(post("/api/apps/shop/rollback", R"({"version_id":1})", "viewer").status, 403);
  EXPECT_EQ(server.get("/api/apps/shop/versions/1", "manager").body,
            R"({"id":1,"created_at":"2026-04-17T10:14:32.118Z","user":"","bytes":3,)"
            R"("current":false,"compose":"b2xk"})");
  for (auto id : {"3", "x", "1x", "99999999999999999999"})
    EXPECT_EQ(server.get("/api/apps/shop/versions/" + std::string(id), "manager").status, 404)
        << id;
  for (auto path : {"/api/apps/secret/versions", "/api/apps/secret/versions/1"})
    EXPECT_EQ(server.get(path, "manager").status, 404) << path;
}

TEST_F(lifecycle, refuses_a_deploy_that_is_not_well_formed) {
  for (const auto& body :
       {order(""), order(".."), order("a/b"), order(std::string(64, 'a')),
        order("ok", "not base64"), order("ok", "c2Vydml\\n"), order("ok", "Zm9v"),
        std::string(R"({"name":"ok"})"), std::string(R"({"name":"ok","compose":"Zm9v","force":1})"),
        std::string("[]")}) {
    EXPECT_EQ(post("/api/apps/deploy", body, "admin").status, 400) << body;
  }
  EXPECT_TRUE(server.gateway.runs.empty());
}

TEST_F(lifecycle, forgets_an_app_once_its_containers_are_down) {
  EXPECT_EQ(server.send("DELETE", "/api/apps/shop", "admin").status, 202);
  auto& run = server.gateway.runs.back();
  EXPECT_EQ(words(run), "down: down(down,--remove-orphans)");
  run.then(false);
  EXPECT_EQ(server.get("/api/apps/shop", "admin").status, 200);
  run.then(true);
  std::unique_lock lock(server.catalog.mutex);
  EXPECT_TRUE(server.catalog.changed.wait_for(
      lock, patience, [&] { return !server.catalog.apps.contains("shop"); }));
}

}  // namespace
}  // namespace spillway::net::testing
