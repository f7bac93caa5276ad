// The binary's commands: exit codes, and errors that say what to do.
#include <algorithm>

#include "system/fixture.hpp"

namespace spillway::system_test {
namespace {

finished_command spillway(std::vector<std::string> arguments, std::string input = "") {
  arguments.insert(arguments.begin(), spillway_binary());
  return run({std::move(arguments), {{"DOCKER_HOST", ""}}, std::move(input)});
}

/// One line that is a sentence, and nothing on standard output.
void expect_sentence(const finished_command& of) {
  EXPECT_EQ(of.standard_output, "");
  EXPECT_EQ(std::count(of.standard_error.begin(), of.standard_error.end(), '\n'), 1)
      << of.standard_error;
  EXPECT_GT(of.standard_error.size(), 20U) << of.standard_error;
}

TEST(command_line, help_and_version_are_fine_on_every_level) {
  const auto version = spillway({"--version"});
  EXPECT_EQ(version.exit_code, 0);
  EXPECT_NE(version.standard_output.find("0.1"), std::string::npos) << version.standard_output;
  const std::vector<std::vector<std::string>> levels{
      {}, {"serve"}, {"check-config"}, {"user"}, {"user", "add"}, {"token"}, {"token", "create"}};
  for (auto level : levels) {
    level.push_back("--help");
    const auto help = spillway(level);
    EXPECT_EQ(help.exit_code, 0) << help.standard_error;
    EXPECT_GT(help.standard_output.size(), 50U);
    EXPECT_EQ(help.standard_error, "");
  }
}

TEST(command_line, wrong_usage_is_2_and_goes_to_standard_error) {
  const std::vector<std::vector<std::string>> wrong{
      {},
      {"no-such-command"},
      {"serve", "--no-such-option"},
      {"serve", "--config"},
      {"user", "add"},
      {"user", "add", "x", "--role", "emperor", "--password-stdin"},
      {"token", "create"}};
  for (const auto& arguments : wrong) {
    const auto result = spillway(arguments);
    EXPECT_EQ(result.exit_code, 2) << (arguments.empty() ? "" : arguments[0]);
    EXPECT_EQ(result.standard_output, "");
    EXPECT_NE(result.standard_error, "");
  }
}

TEST(command_line, a_bad_configuration_is_78_with_file_line_and_key) {
  const temp_dir directory;
  const std::vector<std::pair<std::string, std::string>> cases{
      {"listen: 127.0.0.1:0\nno_such_key: 1\n", ":2: "},
      {"\n\ndeploy:\n  start_wait: soon\n", ":4: "},
      {"logs:\n  ring_size: -5\n", ":2: "},
      {"stream:\n  window: [1, 2]\n", ":2: "},
      {"listen: 127.0.0.1:99999\n", ":1: "},
      {"deploy:\n  max_concurrent: 0\n", ":2: "},
      {"logs: {ring_size: 4MiB\n", ":"}};
  for (const auto& [text, place] : cases) {
    const auto file = directory.write("bad.yaml", text);
    for (const std::string command : {"serve", "check-config"}) {
      const auto result = spillway({command, "--config", file.string()});
      EXPECT_EQ(result.exit_code, 78) << text;
      EXPECT_NE(result.standard_error.find(file.string() + place), std::string::npos)
          << text << "said: " << result.standard_error;
    }
  }
}

TEST(command_line, check_config_names_every_error_and_prints_what_holds) {
  const temp_dir directory;
  const auto bad = directory.write("bad.yaml", "one: 1\nlogs:\n  linger: x\nthreads: none\n");
  const auto result = spillway({"check-config", "--config", bad.string()});
  for (const std::string line : {":1: ", ":3: ", ":4: "})
    EXPECT_NE(result.standard_error.find(bad.string() + line), std::string::npos)
        << result.standard_error;
  const auto good = directory.write("good.yaml", "logs:\n  linger: 45s\n");
  const auto effective = spillway({"check-config", "--config", good.string()});
  EXPECT_EQ(effective.exit_code, 0) << effective.standard_error;
  EXPECT_NE(effective.standard_output.find("linger: 45s"), std::string::npos);
  EXPECT_NE(effective.standard_output.find("ring_size: 4MiB"), std::string::npos);
  const auto again = directory.write("again.yaml", effective.standard_output);
  EXPECT_EQ(spillway({"check-config", "--config", again.string()}).standard_output,
            effective.standard_output);
}

TEST(command_line, a_configuration_file_that_cannot_be_read_is_78) {
  const auto result = spillway({"serve", "--config", "/no/such/spillway.yaml"});
  EXPECT_EQ(result.exit_code, 78);
  EXPECT_NE(result.standard_error.find("/no/such/spillway.yaml"), std::string::npos);
}

TEST(command_line, a_command_that_there_is_not_is_2_and_named) {
  const auto result = spillway({"wach", "shop"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_EQ(result.standard_error,
            "spillway: there is no command wach: `spillway --help` lists them\n");
}

TEST(command_line, a_port_in_use_is_1_and_named) {
  const server first;
  const temp_dir directory;
  const auto at = first.where().authority();
  const auto result =
      spillway({"serve", "--listen", at, "--data-dir", (directory / "data").string(), "--apps-dir",
                (directory / "apps").string()});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_NE(result.standard_error.find(at), std::string::npos) << result.standard_error;
  EXPECT_EQ(first.nobody().get("/api/health").status, 200U);
}

TEST(command_line, a_data_directory_that_cannot_be_written_is_1_and_named) {
  const temp_dir directory;
  const auto file = directory.write("file", "not a directory");
  const auto data = (file / "data").string();
  const auto result = spillway({"serve", "--listen", "127.0.0.1:0", "--data-dir", data,
                                "--apps-dir", (directory / "apps").string()});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_NE(result.standard_error.find(data), std::string::npos) << result.standard_error;
  const auto user = spillway({"user", "list", "--data-dir", data});
  EXPECT_EQ(user.exit_code, 1);
  expect_sentence(user);
}

TEST(command_line, users_and_tokens_are_managed_beside_a_running_server) {
  const server running;
  const auto token = running.make_user("tina", "manage");
  EXPECT_TRUE(token.starts_with("sd_")) << token;
  EXPECT_GE(token.size(), 3U + 32U);
  EXPECT_EQ(running.as(token).get("/api/me").json()["role"], "manage");
  const auto users = running.command_line({"user", "list"});
  EXPECT_EQ(users.exit_code, 0);
  EXPECT_NE(users.standard_output.find("tina"), std::string::npos) << users.standard_output;
  const auto tokens = running.command_line({"token", "list"});
  EXPECT_EQ(tokens.exit_code, 0);
  EXPECT_EQ(tokens.standard_output.find(token), std::string::npos) << "it is shown once";
  EXPECT_EQ(running.command_line({"user", "remove", "tina"}).exit_code, 0);
  EXPECT_EQ(running.as(token).get("/api/me").status, 401U);
}

TEST(command_line, what_cannot_be_done_is_1_and_a_sentence) {
  const server running;
  const std::vector<std::vector<std::string>> impossible{
      {"user", "add", admin_name, "--role", "viewer", "--password-stdin"},
      {"user", "remove", "no-such-user"},
      {"user", "grant", "no-such-user", "app"},
      {"token", "create", "--user", "no-such-user", "--name", "x"},
      {"token", "revoke", "999999"}};
  for (const auto& arguments : impossible) {
    const auto result = running.command_line(arguments, "long enough\n");
    EXPECT_EQ(result.exit_code, 1) << arguments[0] << " " << arguments[1];
    expect_sentence(result);
  }
}

TEST(command_line, a_value_that_can_never_be_right_is_2_and_a_sentence) {
  const server running;
  const auto add = [&](const std::string& name, const std::string& password) {
    const auto result = running.command_line(
        {"user", "add", name, "--role", "viewer", "--password-stdin"}, password);
    EXPECT_EQ(result.exit_code, 2) << name;
    expect_sentence(result);
  };
  add("shorty", "short\n");
  add("silent", "");
  add("no/name", "long enough\n");
  const auto revoke = running.command_line({"token", "revoke", "not-a-number"});
  EXPECT_EQ(revoke.exit_code, 2);
  expect_sentence(revoke);
  const auto grant = running.command_line({"user", "grant", admin_name, "../app"});
  EXPECT_EQ(grant.exit_code, 2);
  expect_sentence(grant);
}

}  // namespace
}  // namespace spillway::system_test
