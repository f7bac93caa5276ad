// What the terminal client shows, on a terminal and in a pipe.
#include <algorithm>
#include <sstream>

#include "system/client_fixture.hpp"

namespace spillway::system_test {
namespace {

/// Colours, and what must not reach a terminal.
const std::string printing_escapes =
    R"(printf 'plain\n\033[32mgreen\033[0m\033]52;c;aGk=\007\033[2Jend\n')";

TEST(client_output, a_pipe_gets_plain_text_and_the_exit_code_is_that_of_success) {
  client_of_deploys on;
  on.script("shop", printing_escapes);
  const auto done = run(on.deploy("shop"));
  EXPECT_EQ(done.exit_code, 0) << done.standard_error;
  EXPECT_TRUE(
      done.standard_output.starts_with("[up] plain\n[up] greenend\ndeploy success, exit code 0, "))
      << done.standard_output;
  EXPECT_EQ(done.standard_error, "");
}

TEST(client_output, a_deploy_that_fails_is_1_and_its_exit_code_is_shown) {
  client_of_deploys on;
  on.script("shop", "echo no such image; exit 3");
  const auto done = run(on.deploy("shop"));
  EXPECT_EQ(done.exit_code, 1);
  EXPECT_NE(done.standard_output.find("[up] no such image\ndeploy failed, exit code 3"),
            std::string::npos)
      << done.standard_output;
  const auto again = run(client_command(on.spillway(), {"watch", "shop"}));
  EXPECT_EQ(again.exit_code, 1);
  EXPECT_EQ(again.standard_output, done.standard_output);
}

TEST(client_output, that_the_disk_does_not_take_is_1_and_said) {
  const server spillway;
  auto words = client_command(spillway, {"process-logs"});
  words.arguments = {"/bin/sh", "-c", spillway_binary() + " process-logs > /dev/full"};
  const auto done = run(words);
  EXPECT_EQ(done.exit_code, 1);
  EXPECT_EQ(done.standard_error,
            "spillway: the output cannot be written: No space left on device\n");
}

TEST(client_output, of_a_deploy_whose_reader_leaves_says_where_to_see_it_again) {
  client_of_deploys on;
  const gate end(on.gate_path("shop"));
  on.script("shop", "echo begun; echo more; wait_at shop");
  auto words = on.deploy("shop");
  words.arguments = {"/bin/sh", "-c",
                     spillway_binary() + " deploy shop -f " + on.compose() + " | head -1"};
  const auto done = run(words);
  EXPECT_EQ(done.standard_output, "[up] begun\n");
  EXPECT_EQ(done.standard_error,
            "spillway: the deploy was left alone: see it again with `spillway watch shop`\n");
  end.open();
}

TEST(client_output, a_deploy_that_somebody_else_cancels_is_1) {
  client_of_deploys on;
  const gate never(on.gate_path("shop"));
  on.script("shop", "echo begun; wait_at shop");
  child_process client(on.deploy("shop"));
  ASSERT_TRUE(client.wait_for_output("begun"));
  on.spillway().admin().post("/api/apps/shop/cancel");
  EXPECT_EQ(client.wait_exit(), 1);
  EXPECT_NE(client.standard_output().find("deploy cancelled"), std::string::npos);
}

TEST(client_output, json_is_the_frames_as_they_came_and_nothing_else) {
  client_of_deploys on;
  on.script("shop", printing_escapes);
  ASSERT_EQ(run(on.deploy("shop")).exit_code, 0);
  const auto id = on.spillway().admin().get("/api/apps/shop/events").json()[0].value("id", "");
  const auto recorded = on.spillway().admin().get("/api/apps/shop/deploys/" + id + "/log").body;
  const auto watched =
      run(client_command(on.spillway(), {"watch", "shop", "--deploy", id, "--json"}));
  EXPECT_EQ(watched.exit_code, 0);
  EXPECT_EQ(watched.standard_output, recorded);
  EXPECT_EQ(watched.standard_error, "");
  const auto unknown =
      run(client_command(on.spillway(), {"watch", "shop", "--deploy", "none", "--json"}));
  EXPECT_EQ(unknown.exit_code, 1);
  EXPECT_EQ(unknown.standard_output, "{\"error\": \"deploy not found\"}\n");
  EXPECT_EQ(unknown.standard_error, "spillway: deploy not found\n");
}

TEST(client_output, an_app_without_a_deploy_is_told_and_fine) {
  client_of_deploys on(setting_values{{"deploy.start_wait", "20ms"}});
  on.spillway().add_app("idle");
  const auto done = run(client_command(on.spillway(), {"watch", "idle"}));
  EXPECT_EQ(done.exit_code, 0);
  EXPECT_EQ(done.standard_output, "no deploy is running\n");
}

TEST(client_output, a_terminal_gets_colours_a_progress_line_and_nothing_that_was_smuggled_in) {
  client_of_deploys on;
  const gate end(on.gate_path("shop"));
  on.script("shop", printing_escapes + "; wait_at shop");
  pty_process client(on.deploy("shop"), {.columns = 40});
  ASSERT_TRUE(client.wait_for("plain"));
  ASSERT_TRUE(client.wait_for("shop: up, 2 lines"));
  end.open();
  EXPECT_EQ(client.wait_exit(), 0);
  const auto seen = client.seen();
  EXPECT_NE(seen.find("\x1b[36m[up]\x1b[0m plain\r\n"), std::string::npos) << seen;
  EXPECT_NE(seen.find("\x1b[32mgreen\x1b[0mend\x1b[0m\r\n"), std::string::npos) << seen;
  EXPECT_EQ(seen.find("\x1b]"), std::string::npos);
  EXPECT_EQ(seen.find("\x1b[2J"), std::string::npos);
  // The progress line is gone before the summary, which is the last of all.
  const auto summary = seen.rfind("\r\x1b[K\x1b[32mdeploy success, exit code 0, ");
  ASSERT_NE(summary, std::string::npos) << seen;
  EXPECT_EQ(seen.find("shop:", summary), std::string::npos) << seen;
}

TEST(client_output, a_progress_line_fits_a_narrow_terminal) {
  client_of_deploys on;
  const gate end(on.gate_path("shop"));
  on.script("shop", "echo begun; wait_at shop");
  pty_process client(on.deploy("shop"), {.columns = 12});
  ASSERT_TRUE(client.wait_for("begun"));
  ASSERT_TRUE(client.wait_for("shop: up,"));
  end.open();
  EXPECT_EQ(client.wait_exit(), 0);
  std::istringstream drawn(client.seen());
  for (std::string part; std::getline(drawn, part, '\r');) {
    if (part.find("shop:") == std::string::npos) continue;
    const auto begin = part.find("\x1b[K") + 3;
    EXPECT_LE(std::min(part.size(), part.find_first_of("\x1b\n", begin)) - begin, 11U) << part;
  }
}

TEST(client_output, a_deploy_in_line_says_its_place) {
  client_of_deploys on(setting_values{{"deploy.max_concurrent", "1"}});
  const gate first(on.gate_path("first"));
  on.script("first", "wait_at first");
  on.script("second", "echo mine");
  ASSERT_EQ(on.spillway().post_deploy("first", web_app("true")).status, 201U);
  pty_process client(on.deploy("second"));
  EXPECT_TRUE(client.wait_for("second: place 1 in line"));
  first.open();
  EXPECT_EQ(client.wait_exit(), 0);
}

TEST(client_output, no_colour_is_shown_where_none_is_wanted) {
  client_of_deploys on;
  on.script("shop", printing_escapes);
  auto quiet = on.deploy("shop");
  quiet.environment["NO_COLOR"] = "1";
  pty_process by_environment(quiet);
  EXPECT_EQ(by_environment.wait_exit(), 0);
  EXPECT_NE(by_environment.seen().find("[up] greenend\r\n"), std::string::npos);
  EXPECT_EQ(by_environment.seen().find("\x1b[3"), std::string::npos) << by_environment.seen();
  pty_process by_option(on.deploy("shop", {"--force", "--color", "never"}));
  EXPECT_EQ(by_option.wait_exit(), 0);
  EXPECT_EQ(by_option.seen().find("\x1b[3"), std::string::npos) << by_option.seen();
  auto dumb = on.deploy("shop", {"--force"});
  dumb.environment["TERM"] = "dumb";
  pty_process by_terminal(dumb);
  EXPECT_EQ(by_terminal.wait_exit(), 0);
  EXPECT_EQ(by_terminal.seen().find('\x1b'), std::string::npos) << by_terminal.seen();
}

TEST(client_output, always_colours_a_pipe_too) {
  client_of_deploys on;
  on.script("shop", printing_escapes);
  const auto done = run(on.deploy("shop", {"--color", "always"}));
  EXPECT_NE(done.standard_output.find("\x1b[32mgreen"), std::string::npos);
  EXPECT_EQ(done.standard_output.find("\x1b]"), std::string::npos);
}

TEST(client_output, a_reader_that_has_enough_ends_it_quietly) {
  const server spillway;
  auto words = client_command(spillway, {"process-logs"});
  words.arguments = {"/bin/sh", "-c", spillway_binary() + " process-logs | head -n 1"};
  const auto done = run(words);
  EXPECT_EQ(done.exit_code, 0);
  EXPECT_EQ(std::count(done.standard_output.begin(), done.standard_output.end(), '\n'), 1);
  EXPECT_EQ(done.standard_error, "");
}

TEST(client_output, help_has_examples_on_every_level) {
  for (const std::string command : {"deploy", "watch", "logs", "process-logs"}) {
    const auto help = run({{spillway_binary(), command, "--help"}, {}, ""});
    EXPECT_EQ(help.exit_code, 0);
    EXPECT_NE(help.standard_output.find("spillway " + command), std::string::npos);
    EXPECT_NE(help.standard_output.find("Example"), std::string::npos) << command;
  }
}

}  // namespace
}  // namespace spillway::system_test
