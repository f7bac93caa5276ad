// The terminal client across lost connections and servers that are started again.
#include <signal.h>

#include "system/client_fixture.hpp"

namespace spillway::system_test {
namespace {

std::size_t open_sockets(pid_t pid) {
  std::size_t count = 0;
  std::error_code gone;
  for (const auto& entry :
       std::filesystem::directory_iterator("/proc/" + std::to_string(pid) + "/fd", gone))
    if (std::filesystem::read_symlink(entry, gone).string().starts_with("socket:")) ++count;
  return count;
}

/// A client behind a proxy whose connections the test cuts.
struct client_behind_proxy {
  explicit client_behind_proxy(const server& of) : proxy(of.where()) {}

  void cut_and_wait(const child_process& client) {
    proxy.cut_all();
    ++cuts;
    EXPECT_TRUE(eventually([&] {
      return times_in(client.standard_error(), "spillway: connected again\n") == cuts;
    })) << client.standard_error();
  }

  viewer_proxy proxy;
  std::size_t cuts = 0;
};

TEST(client_reconnect, the_process_log_goes_on_after_a_cut_without_repeat_or_gap) {
  server spillway;
  client_behind_proxy behind(spillway);
  child_process client(client_command(spillway, behind.proxy.where(), {"process-logs", "--json"}));
  ASSERT_TRUE(client.wait_for_output("listening on"));
  int number = 0;
  const auto log_some = [&] {
    for (int i = 0; i < 5; ++i)
      spillway.admin().get("/api/apps/numbered-" + std::to_string(++number));
  };
  for (int round = 0; round < 2; ++round) {
    log_some();
    const auto newest = "numbered-" + std::to_string(number) + " ";
    ASSERT_TRUE(client.wait_for_output(newest));
    behind.proxy.cut_all();
    log_some();
    behind.cut_and_wait(client);
  }
  log_some();
  ASSERT_TRUE(client.wait_for_output("numbered-" + std::to_string(number) + " "));
  const auto all = client.standard_output();
  for (int i = 1; i <= number; ++i)
    EXPECT_EQ(times_in(all, "numbered-" + std::to_string(i) + " "), 1U) << i;
  EXPECT_EQ(times_in(all, "listening on"), 1U);
}

TEST(client_reconnect, a_loss_is_told_in_one_sentence_and_so_is_its_end) {
  server spillway;
  client_behind_proxy behind(spillway);
  child_process client(client_command(spillway, behind.proxy.where(), {"process-logs"}));
  ASSERT_TRUE(client.wait_for_output("listening on"));
  behind.cut_and_wait(client);
  EXPECT_EQ(client.standard_error(),
            "spillway: connection lost (1006 the connection broke), trying again in 1 s\n"
            "spillway: connected again\n");
}

TEST(client_reconnect, a_server_that_goes_away_and_comes_back_is_followed) {
  server spillway;
  client_behind_proxy behind(spillway);
  child_process client(client_command(spillway, behind.proxy.where(), {"process-logs"}));
  ASSERT_TRUE(client.wait_for_output("listening on"));
  ASSERT_EQ(spillway.stop(), 0);
  ASSERT_TRUE(wait_for_error(client, "connection lost (1001 server is shutting down)"));
  spillway.start();
  behind.proxy.go_to(spillway.where());
  // Its log is another one, and is shown from its first line.
  EXPECT_TRUE(client.wait_for_output("listening on http://" + spillway.where().authority()));
  EXPECT_TRUE(wait_for_error(client, "connected again"));
}

TEST(client_reconnect, without_it_the_first_loss_is_the_end) {
  server spillway;
  client_behind_proxy behind(spillway);
  child_process client(
      client_command(spillway, behind.proxy.where(), {"process-logs", "--no-reconnect"}));
  ASSERT_TRUE(client.wait_for_output("listening on"));
  behind.proxy.cut_all();
  EXPECT_EQ(client.wait_exit(), 1);
  EXPECT_EQ(client.standard_error(), "spillway: connection lost (1006 the connection broke)\n");
}

TEST(client_reconnect, a_limit_is_waited_for_from_the_first_connection_on) {
  const server spillway(setting_values{{"limits.max_viewers_per_user", "1"}});
  const auto other = spillway.watch(process_log);
  ASSERT_TRUE(other->wait_for_count(1));
  const auto once = run(client_command(spillway, {"process-logs", "--no-reconnect"}));
  EXPECT_EQ(once.exit_code, 1);
  EXPECT_EQ(once.standard_error, "spillway: you have too many open streams\n");
  child_process client(client_command(spillway, {"process-logs"}));
  ASSERT_TRUE(wait_for_error(client, "you have too many open streams, trying again in "));
  other->close();
  EXPECT_TRUE(client.wait_for_output("listening on")) << client.standard_error();
}

TEST(client_reconnect, a_token_that_is_revoked_is_the_end) {
  server spillway;
  const auto token = spillway.make_user("rita", "super_admin");
  child_process client(
      client_command(spillway, spillway.where(), {"process-logs"}, {{"SPILLWAY_TOKEN", token}}));
  ASSERT_TRUE(client.wait_for_output("listening on"));
  ASSERT_EQ(spillway.command_line({"user", "remove", "rita"}).exit_code, 0);
  EXPECT_EQ(client.wait_exit(), 1);
  EXPECT_NE(client.standard_error().find("connection lost (1008 access ended)"), std::string::npos)
      << client.standard_error();
  EXPECT_NE(client.standard_error().find("does not accept the token"), std::string::npos);
}

TEST(client_reconnect, a_deploy_goes_on_after_cuts_without_repeat_or_gap) {
  client_of_deploys on;
  const gate next(on.gate_path("shop"));
  on.script("shop", "for i in 1 2 3; do echo line $i; echo same; wait_at shop; done; echo last");
  client_behind_proxy behind(on.spillway());
  child_process client(on.deploy_at(behind.proxy.where(), "shop"));
  for (const char* line : {"line 1", "line 2", "line 3"}) {
    ASSERT_TRUE(client.wait_for_output(line));
    behind.cut_and_wait(client);
    next.open();
  }
  EXPECT_EQ(client.wait_exit(), 0);
  EXPECT_TRUE(client.standard_output().starts_with(
      "[up] line 1\n[up] same\n[up] line 2\n[up] same\n[up] line 3\n[up] same\n[up] last\n"
      "deploy success, exit code 0"))
      << client.standard_output();
}

TEST(client_reconnect, one_who_watches_sees_the_end_of_the_same_deploy_also_long_after) {
  // Without the id the next connection would find that nothing runs.
  client_of_deploys on({{"deploy.recent_window", "1ms"}, {"deploy.start_wait", "1ms"}});
  const gate end(on.gate_path("shop"));
  on.script("shop", "echo begun; wait_at shop; echo finished; exit 2");
  ASSERT_EQ(on.spillway().post_deploy("shop", web_app("true")).status, 201U);
  client_behind_proxy behind(on.spillway());
  child_process client(client_command(on.spillway(), behind.proxy.where(), {"watch", "shop"}));
  ASSERT_TRUE(client.wait_for_output("begun"));
  // It has asked for the id, and the connection on which the answer came is closed.
  ASSERT_TRUE(eventually([&] {
    return on.spillway().output().find("GET /api/apps/shop/events") != std::string::npos &&
           open_sockets(client.pid()) == 1;
  }));
  behind.cut_and_wait(client);
  behind.proxy.cut_all();
  end.open();
  EXPECT_EQ(client.wait_exit(), 1);
  EXPECT_TRUE(
      client.standard_output().starts_with("[up] begun\n[up] finished\ndeploy failed, exit code 2"))
      << client.standard_output() << client.standard_error();
}

TEST(client_reconnect, a_deploy_whose_server_is_killed_is_told_as_failed_after_the_restart) {
  client_of_deploys on;
  auto& spillway = on.spillway();
  const gate never(on.gate_path("shop"));
  on.script("shop", "echo begun; wait_at shop");
  client_behind_proxy behind(spillway);
  child_process client(on.deploy_at(behind.proxy.where(), "shop"));
  ASSERT_TRUE(client.wait_for_output("begun"));
  spillway.send_signal(SIGKILL);
  ASSERT_EQ(spillway.wait_exit(), 128 + SIGKILL);
  spillway.start();
  behind.proxy.go_to(spillway.where());
  EXPECT_EQ(client.wait_exit(), 1);
  EXPECT_EQ(times_in(client.standard_output(), "begun"), 1U) << client.standard_output();
  EXPECT_NE(client.standard_output().find("the server stopped while this deploy ran"),
            std::string::npos)
      << client.standard_output();
  EXPECT_NE(client.standard_output().find("deploy failed, exit code"), std::string::npos);
}

TEST(client_reconnect, a_containers_log_goes_on_after_cuts_without_repeat_or_gap) {
  SPILLWAY_NEEDS_ENGINE();
  server spillway;
  spillway.deploy("numbers", web_app(numbered_lines(3000) + "; echo that is all" + stay));
  client_behind_proxy behind(spillway);
  child_process client(client_command(spillway, behind.proxy.where(),
                                      {"logs", "numbers", "--tail", "all", "--no-timestamps"}));
  for (const char* line : {"line 200\n", "line 1200\n"}) {
    ASSERT_TRUE(client.wait_for_output(line)) << client.standard_error();
    behind.cut_and_wait(client);
  }
  ASSERT_TRUE(client.wait_for_output("that is all"));
  std::string expected;
  for (int i = 1; i <= 3000; ++i) expected += "line " + std::to_string(i) + "\n";
  EXPECT_EQ(client.standard_output(), expected + "that is all\n");
}

TEST(client_reconnect, a_containers_log_goes_on_after_its_server_was_killed) {
  SPILLWAY_NEEDS_ENGINE();
  server spillway;
  spillway.deploy("numbers", web_app(numbered_lines(2000) + "; echo that is all" + stay));
  client_behind_proxy behind(spillway);
  child_process client(client_command(spillway, behind.proxy.where(),
                                      {"logs", "numbers", "--tail", "all", "--no-timestamps"}));
  ASSERT_TRUE(client.wait_for_output("line 100\n"));
  spillway.send_signal(SIGKILL);
  ASSERT_EQ(spillway.wait_exit(), 128 + SIGKILL);
  spillway.start();
  behind.proxy.go_to(spillway.where());
  ASSERT_TRUE(client.wait_for_output("that is all")) << client.standard_error();
  std::string expected;
  for (int i = 1; i <= 2000; ++i) expected += "line " + std::to_string(i) + "\n";
  EXPECT_EQ(client.standard_output(), expected + "that is all\n");
}

TEST(client_reconnect, an_option_goes_before_its_environment_variable) {
  const server spillway;
  auto words =
      client_command(spillway, {"process-logs", "--url", "http://" + spillway.where().authority()});
  words.environment["SPILLWAY_URL"] = "http://127.0.0.1:1";
  child_process client(words);
  EXPECT_TRUE(client.wait_for_output("listening on")) << client.standard_error();
}

}  // namespace
}  // namespace spillway::system_test
