// What the terminal client says when it cannot do what was asked.
#include <sys/socket.h>
#include <unistd.h>

#include "system/client_fixture.hpp"

namespace spillway::system_test {
namespace {

class client_errors : public on_one_server<client_errors> {
 public:
  static setting_values settings() { return {}; }

 protected:
  static finished_command client(std::vector<std::string> arguments,
                                 std::map<std::string, std::string> environment = {}) {
    return run(client_command(spillway(), spillway().where(), std::move(arguments),
                              std::move(environment)));
  }

  /// One sentence that begins with the program's name and says this; nothing on standard output.
  static void expect_error(const finished_command& of, const std::string& text, int code = 1) {
    EXPECT_EQ(of.exit_code, code) << of.standard_error;
    EXPECT_EQ(of.standard_output, "");
    EXPECT_TRUE(of.standard_error.starts_with("spillway: ")) << of.standard_error;
    EXPECT_EQ(std::count(of.standard_error.begin(), of.standard_error.end(), '\n'), 1)
        << of.standard_error;
    EXPECT_NE(of.standard_error.find(text), std::string::npos) << of.standard_error;
    EXPECT_EQ(of.standard_error.find("sd_"), std::string::npos) << of.standard_error;
  }

  static std::string file_of(const std::string& bytes) {
    static const temp_dir directory;
    static int number = 0;
    return directory.write("file" + std::to_string(++number), bytes).string();
  }
};

TEST_F(client_errors, a_wrong_token_and_a_missing_one_are_told_apart) {
  const std::string wrong = "sd_" + std::string(43, 'x');
  expect_error(client({"process-logs"}, {{"SPILLWAY_TOKEN", wrong}}), "does not accept the token");
  expect_error(client({"process-logs", "--token", wrong}), "does not accept the token");
  expect_error(client({"process-logs"}, {{"SPILLWAY_TOKEN", ""}}), "no token was given");
  expect_error(client({"process-logs"}, {{"SPILLWAY_TOKEN", wrong + "\r\nX: y"}}),
               "the token holds characters", 2);
}

TEST_F(client_errors, an_app_that_is_not_there_or_not_granted_is_named) {
  const std::string sentence = "no app ghost, or it is not granted to this token's user";
  expect_error(client({"logs", "ghost"}), sentence);
  expect_error(client({"watch", "ghost"}), sentence);
  spillway().add_app("hidden");
  const auto token = spillway().make_user("vera", "viewer");
  expect_error(client({"logs", "hidden"}, {{"SPILLWAY_TOKEN", token}}), "no app hidden, or");
}

TEST_F(client_errors, a_role_that_is_too_low_is_told) {
  const auto token = spillway().make_user("victor", "viewer");
  expect_error(client({"process-logs"}, {{"SPILLWAY_TOKEN", token}}), "may not do that");
  expect_error(
      client({"deploy", "shop", "-f", file_of(web_app("true"))}, {{"SPILLWAY_TOKEN", token}}),
      "may not do that");
}

TEST_F(client_errors, a_server_that_is_down_or_has_no_name_is_told_at_once) {
  expect_error(client({"process-logs", "--url", "http://127.0.0.1:1"}),
               "no server answers at 127.0.0.1:1");
  expect_error(client({"process-logs", "--url", "http://no-such-host.invalid:80"}),
               "no-such-host.invalid");
}

TEST_F(client_errors, https_to_a_plain_port_is_told) {
  expect_error(client({"process-logs", "--url", "https://" + spillway().where().authority()}),
               "does not speak TLS");
}

TEST_F(client_errors, a_url_that_is_none_is_wrong_usage) {
  for (const std::string url : {"localhost:8443", "ftp://x", "http://me:hunter22@x", ""}) {
    const auto done = client({"process-logs", "--url", url});
    expect_error(done, "write http://HOST:PORT or https://HOST:PORT", 2);
    EXPECT_EQ(done.standard_error.find("hunter22"), std::string::npos);
  }
}

TEST_F(client_errors, a_token_in_the_wrong_place_is_not_repeated) {
  const std::string token = "sd_" + std::string(43, 'x');
  for (const auto& wrong : std::vector<std::vector<std::string>>{
           {"logs", "app", token}, {"logs", "--tokne", token}, {"logs", "app", "--url", token}}) {
    const auto done = client(wrong);
    EXPECT_EQ(done.exit_code, 2);
    EXPECT_EQ(done.standard_error.find(token), std::string::npos) << done.standard_error;
  }
}

TEST_F(client_errors, a_ca_file_that_is_none_is_named) {
  const auto url = "https://" + spillway().where().authority();
  expect_error(client({"process-logs", "--url", url, "--ca", "/no/such/ca.pem"}),
               "/no/such/ca.pem");
  const auto text = file_of("this is no certificate\n");
  expect_error(client({"process-logs", "--url", url, "--ca", text}), text);
  expect_error(client({"process-logs", "--url", url}, {{"SPILLWAY_CA", text}}), text);
}

TEST_F(client_errors, a_compose_file_that_cannot_do_is_not_sent) {
  const auto deploy = [](const std::string& file) {
    return client({"deploy", "shop", "-f", file});
  };
  expect_error(deploy("/no/such/compose.yml"), "/no/such/compose.yml");
  expect_error(deploy("/"), "cannot read /");
  expect_error(deploy(file_of(" \n")), "is empty");
  expect_error(deploy(file_of(std::string((1 << 20) + 1, '#'))),
               "larger than 1 MiB, the most that a server takes");
  expect_error(deploy("-"), "standard input is empty");
  EXPECT_EQ(spillway().admin().get("/api/apps/shop").status, 404U);
}

TEST_F(client_errors, what_the_server_finds_wrong_with_a_deploy_is_told) {
  expect_error(client({"deploy", "shop", "-f", file_of("- a list\n")}), "the compose file");
  expect_error(client({"deploy", "no/name", "-f", file_of(web_app("true"))}), "name must be");
}

TEST_F(client_errors, a_bad_parameter_and_a_missing_container_are_told_in_the_servers_words) {
  spillway().add_app("known");
  expect_error(client({"logs", "known", "--tail", "many"}), "invalid tail");
  expect_error(client({"logs", "known", "--replica", "0"}), "invalid replica");
}

TEST_F(client_errors, standard_input_is_taken_for_a_compose_file) {
  auto words = client_command(spillway(), {"deploy", "piped", "-f", "-"});
  words.input = "services: {}\n";
  expect_error(run(words), "empty services map");
}

TEST(client_errors_of_deploys, an_app_that_exists_and_a_deploy_that_runs_are_told_apart) {
  client_of_deploys on;
  const gate end(on.gate_path("shop"));
  on.script("shop", "echo begun; wait_at shop");
  child_process first(on.deploy("shop"));
  ASSERT_TRUE(first.wait_for_output("begun"));
  const auto busy = run(on.deploy("shop", {"--force"}));
  EXPECT_EQ(busy.exit_code, 1);
  EXPECT_NE(busy.standard_error.find("`spillway watch shop`"), std::string::npos)
      << busy.standard_error;
  end.open();
  EXPECT_EQ(first.wait_exit(), 0);
  const auto exists = run(on.deploy("shop"));
  EXPECT_EQ(exists.exit_code, 1);
  EXPECT_NE(exists.standard_error.find("--force"), std::string::npos) << exists.standard_error;
}

TEST(client_errors_of_deploys, where_no_answer_came_it_says_that_the_deploy_may_have_started) {
  client_of_deploys on;
  on.script("shop", "true");
  viewer_proxy between(on.spillway().where());
  between.hold_back();
  child_process client(on.deploy_at(between.where(), "shop"));
  EXPECT_TRUE(eventually([&] { return on.recorded_status("shop") != ""; }));
  between.cut_all();
  EXPECT_EQ(client.wait_exit(), 1);
  EXPECT_NE(client.standard_error().find("it is not known whether the deploy started: see with "
                                         "`spillway watch shop`"),
            std::string::npos)
      << client.standard_error();
}

}  // namespace
}  // namespace spillway::system_test
