// What a simulated host answers, runs and keeps.
#include "sim/simulated_host_fixture.hpp"

namespace spillway::sim {
namespace {

TEST_F(a_simulated_host, answers_as_an_engine_does) {
  start(usual());
  const auto ping = answer("/_ping");
  EXPECT_TRUE(ping.starts_with("HTTP/1.1 200 OK\r\nApi-Version: 1.41\r\nCache-Control: ")) << ping;
  EXPECT_TRUE(ping.ends_with("\r\n\r\nOK")) << ping;
  const auto missing = answer("/v1.41/containers/nope/json");
  EXPECT_TRUE(missing.starts_with("HTTP/1.1 404 Not Found\r\n")) << missing;
  EXPECT_EQ(body_of(missing), "{\"message\":\"No such container: nope\"}\n");
  EXPECT_EQ(body_of(answer("/v1.41/containers/nope/kill", "POST")),
            "{\"message\":\"Cannot kill container: nope: No such container: nope\"}\n");
  EXPECT_EQ(body_of(answer("/v1.99/version")),
            "{\"message\":\"client version 1.99 is too new. Maximum supported API version is "
            "1.41\"}\n");
  EXPECT_EQ(body_of(answer("/nosuch")), "{\"message\":\"page not found\"}\n");
  EXPECT_EQ(answer("/version").find("Content-Length"), answer("/version").rfind("Content-Length"));
  EXPECT_EQ(body_of(answer("/containers/json?all=1")), "[]\n");
  raw_client nonsense(socket());
  nonsense.ask("\x01\x02", "nonsense");
  EXPECT_TRUE(nonsense.read_to_end().starts_with("HTTP/1.1 400 "));
}

TEST_F(a_simulated_host, answers_several_requests_on_a_connection) {
  start(usual());
  raw_client client(socket());
  client.ask("GET", "/_ping", false);
  client.ask("GET", "/containers/nope/json", false);
  client.ask("GET", "/_ping");
  const auto all = client.read_to_end();
  std::size_t answers = 0;
  for (auto at = all.find("HTTP/1.1 "); at != std::string::npos; at = all.find("HTTP/1.1 ", at + 1))
    ++answers;
  EXPECT_EQ(answers, 3U) << all;
}

TEST_F(a_simulated_host, has_the_apps_that_it_was_told_to_have) {
  auto options = usual();
  options.apps = 2;
  options.services = 2;
  options.replicas = 2;
  options.model.lines_per_second = 100;
  options.apps_directory = directory_ / "apps";
  start(options);
  ASSERT_TRUE(wait_until([&] { return engine().get("/containers/json").body.size() == 8; }));
  EXPECT_TRUE(std::filesystem::exists(directory_ / "apps/app-2/docker-compose.yml"));
  const auto mine = engine().get("/containers/json?filters=" +
                                 url_encoded(R"({"label":["com.docker.compose.project=)"
                                             R"(simpledeploy-app-1"]})"));
  EXPECT_EQ(mine.body.size(), 4U);
  const auto web = mine.body.at(0);
  EXPECT_EQ(web["State"], "running");
  EXPECT_EQ(web["Labels"]["com.docker.compose.container-number"].get<std::string>().size(), 1U);

  // Its lines are numbered from 1 without a gap, by history and by following.
  const std::string name = "simpledeploy-app-1_web_1";
  ASSERT_TRUE(wait_until([&] { return log_of(name).size() >= 5; }));
  std::uint64_t number = 0;
  for (const auto& line : log_of(name)) {
    const auto head = parse_head(line);
    ASSERT_TRUE(head) << line;
    EXPECT_EQ(head->life, 1U);
    EXPECT_EQ(head->number, ++number);
  }
  // Compose finds them up to date, as it would have made them.
  std::ifstream file(directory_ / "apps/app-1/docker-compose.yml");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const auto done = compose("simpledeploy-app-1", text, {"up", "-d"});
  EXPECT_EQ(done.code, 0) << done.err;
  EXPECT_NE(done.err.find("simpledeploy-app-1_web_2 is up-to-date"), std::string::npos) << done.err;
}

TEST_F(a_simulated_host, runs_scripts_and_keeps_what_they_print) {
  start(usual());
  up("shop", script("echo one; echo two >&2; printf partial; exit 3"));
  ASSERT_TRUE(wait_until([&] { return inspect("shop_web_1")["State"]["Status"] == "exited"; }));
  auto log = log_of("shop_web_1");
  std::sort(log.begin(), log.end());
  EXPECT_EQ(log, (std::vector<std::string>{"one\n", "partial", "two\n"}));
  const auto state = inspect("shop_web_1")["State"];
  EXPECT_EQ(state["ExitCode"], 3);
  EXPECT_EQ(state["Running"], false);
  EXPECT_EQ(entries_of(answer("/containers/shop_web_1/logs?stderr=1")),
            std::vector<std::string>{"two\n"});
}

TEST_F(a_simulated_host, follows_a_log_to_the_end_of_its_container) {
  start(usual());
  up("shop", script("echo begun; while [ ! -e /go ]; do sleep 0.02; done; echo done"));
  raw_client follower(socket());
  follower.ask("GET", "/containers/shop_web_1/logs?stdout=1&follow=1");
  follower.read_until("begun");
  const auto root =
      directory_ / "host/containers" / inspect("shop_web_1")["Id"].get<std::string>() / "root";
  if (!host_->keeps_scripts_apart()) GTEST_SKIP() << "a container's own root takes root";
  std::ofstream(root / "go") << "";
  EXPECT_EQ(entries_of(follower.read_to_end()), (std::vector<std::string>{"begun\n", "done\n"}));
}

TEST_F(a_simulated_host, gives_a_terminal_to_those_who_ask_for_one) {
  start(usual());
  up("shop", script("tty; echo two >&2", "    tty: true\n"));
  ASSERT_TRUE(wait_until([&] { return inspect("shop_web_1")["State"]["Status"] == "exited"; }));
  const auto log = body_of(answer("/containers/shop_web_1/logs?stdout=1&stderr=1"));
  EXPECT_EQ(log.find("not a tty"), std::string::npos) << log;
  EXPECT_NE(log.find("5\r\ntwo\r\n\r\n0\r\n\r\n"), std::string::npos) << log;
}

TEST_F(a_simulated_host, stops_kills_and_starts_containers) {
  start(usual());
  up("shop", script("echo up; exec sleep 1000"));
  const auto act = [&](const std::string& what) {
    return engine().post("/containers/shop_web_1/" + what).status;
  };
  ASSERT_TRUE(wait_until([&] { return log_of("shop_web_1").size() == 1; }));
  EXPECT_EQ(act("start"), 304U);
  EXPECT_EQ(act("stop"), 204U);
  EXPECT_EQ(inspect("shop_web_1")["State"]["ExitCode"], 137);
  EXPECT_EQ(act("stop"), 304U);
  EXPECT_EQ(act("kill"), 409U);
  EXPECT_EQ(act("start"), 204U);
  ASSERT_TRUE(wait_until([&] { return log_of("shop_web_1").size() == 2; })) << "the log goes on";
  EXPECT_EQ(act("kill?signal=NONSENSE"), 400U);
  EXPECT_EQ(engine().remove("/containers/shop_web_1").status, 409U);
  EXPECT_EQ(engine().remove("/containers/shop_web_1?force=1").status, 204U);
  EXPECT_EQ(engine().get("/containers/shop_web_1/json").status, 404U);
}

TEST_F(a_simulated_host, gives_no_log_of_what_is_being_removed) {
  auto options = usual();
  options.removal_takes = 1h;
  start(options);
  up("shop", script("echo up; exec sleep 1000"));
  ASSERT_TRUE(wait_until([&] { return log_of("shop_web_1").size() == 1; }));
  raw_client remover(socket());
  remover.ask("DELETE", "/containers/shop_web_1?force=1");
  ASSERT_TRUE(wait_until([&] { return inspect("shop_web_1")["State"]["Status"] == "removing"; }));
  const auto log = answer("/containers/shop_web_1/logs?stdout=1");
  EXPECT_TRUE(log.starts_with("HTTP/1.1 409 ")) << log;
  EXPECT_NE(log.find("dead or marked for removal"), std::string::npos) << log;
  EXPECT_EQ(engine().post("/containers/shop_web_1/start").status, 409U);
  EXPECT_EQ(engine().remove("/containers/shop_web_1?force=1").status, 409U);
}

TEST_F(a_simulated_host, says_why_a_command_cannot_run) {
  start(usual());
  const auto done = compose("shop",
                            "services: {web: {image: 'busybox:1', network_mode: none, "
                            "command: [no-such-command]}}",
                            {"up", "-d"});
  EXPECT_EQ(done.code, 1);
  EXPECT_NE(done.err.find("exec: \"no-such-command\": executable file not found in $PATH"),
            std::string::npos)
      << done.err;
}

TEST_F(a_simulated_host, tells_its_events) {
  start(usual());
  raw_client watcher(socket());
  watcher.ask("GET", "/events");
  watcher.read_until("\r\n\r\n");
  up("shop", script("exit 3"));
  const auto told = watcher.read_until("\"Action\":\"die\"");
  EXPECT_LT(told.find("\"Action\":\"create\""), told.find("\"Action\":\"start\""));
  EXPECT_NE(told.find("\"exitCode\":\"3\""), std::string::npos) << told;
}

TEST_F(a_simulated_host, replaces_a_socket_that_nobody_listens_on) {
  {
    const unique_descriptor left(::socket(AF_UNIX, SOCK_STREAM, 0));
    sockaddr_un at{};
    at.sun_family = AF_UNIX;
    std::strncpy(at.sun_path, socket().c_str(), sizeof at.sun_path - 1);
    ASSERT_EQ(::bind(left.get(), reinterpret_cast<const sockaddr*>(&at), sizeof at), 0);
  }
  ASSERT_TRUE(std::filesystem::exists(socket()));
  start(usual());
  EXPECT_EQ(engine().get("/_ping").status, 200U);
  host_->stop();
  EXPECT_TRUE(wait_until([&] { return !std::filesystem::exists(socket()); }));
}

TEST_F(a_simulated_host, leaves_a_socket_that_is_in_use_and_a_file_alone) {
  start(usual());
  simulated_host second(usual(), 1);
  const auto wrong = second.start();
  ASSERT_TRUE(wrong);
  EXPECT_NE(wrong->find("another process listens on"), std::string::npos) << *wrong;
  EXPECT_EQ(engine().get("/_ping").status, 200U);

  auto options = usual();
  options.socket = directory_.write("file", "precious");
  simulated_host third(options, 1);
  EXPECT_NE(third.start().value_or("").find("is no socket"), std::string::npos);
  EXPECT_EQ(test::read_file(directory_ / "file"), "precious");
}

TEST_F(a_simulated_host, ends_its_scripts_with_itself) {
  start(usual());
  up("shop", script("trap \"\" TERM; echo up; while :; do sleep 1; done"));
  const auto pid = inspect("shop_web_1")["State"]["Pid"].get<int>();
  ASSERT_GT(pid, 0);
  EXPECT_TRUE(host_->stop());
  host_.reset();
  EXPECT_FALSE(std::filesystem::exists("/proc/" + std::to_string(pid)));
  EXPECT_FALSE(std::filesystem::exists(directory_ / "host/containers"));
}

}  // namespace
}  // namespace spillway::sim
