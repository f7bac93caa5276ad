#include "app/user_commands.hpp"

#include <gtest/gtest.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <sstream>

#include "store/database.hpp"
#include "store/passwords.hpp"
#include "store/token_store.hpp"
#include "store/user_store.hpp"
#include "support/temp_dir.hpp"

namespace spillway::app {
namespace {

class user_commands_test : public testing::Test {
 protected:
  /// Runs a command line; `-1` where CLI11 refuses it.
  int run(const std::string& arguments, const std::string& input = "") {
    std::istringstream in(input);
    out.str("");
    err.str("");
    int exit_code = -1;
    CLI::App root("spillway");
    add_user_commands(root, exit_code, {in, out, err});
    try {
      root.parse(arguments + " --data-dir " + data_dir.string());
    } catch (const CLI::ParseError& refused) {
      err << refused.what();
      return -1;
    }
    return exit_code;
  }

  /// A user without the work of a password hash.
  void add(const std::string& name, protocol::role role = protocol::role::viewer) {
    ASSERT_TRUE(store::user_store(*store::database::open(data_dir)).add(name, role, "x", {}));
  }

  /// One sentence: a line, and nothing on standard output.
  void expect_one_sentence() {
    const std::string text = err.str();
    EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1) << text;
    EXPECT_GT(text.size(), 10u);
    EXPECT_EQ(out.str(), "");
  }

  const test::temp_dir dir;
  const std::filesystem::path data_dir = dir / "data";
  std::ostringstream out;
  std::ostringstream err;
};

TEST_F(user_commands_test, a_user_is_added_with_the_first_line_of_standard_input) {
  ASSERT_EQ(run("user add ada --role manage --password-stdin", "secret-123\r\nmore\n"), 0)
      << err.str();
  EXPECT_EQ(out.str(), "");
  const auto found = *store::user_store(*store::database::open(data_dir)).find("ada");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->who.role, protocol::role::manage);
  EXPECT_TRUE(store::verify_password(found->password_hash, "secret-123"));
}

TEST_F(user_commands_test, a_role_and_a_password_are_changed) {
  add("root", protocol::role::super_admin);
  add("ada");
  ASSERT_EQ(run("user role ada --role manage"), 0) << err.str();
  ASSERT_EQ(run("user password ada --password-stdin", "secret-123\n"), 0) << err.str();
  EXPECT_EQ(out.str(), "");
  const auto found = *store::user_store(*store::database::open(data_dir)).find("ada");
  EXPECT_EQ(found->who.role, protocol::role::manage);
  EXPECT_TRUE(store::verify_password(found->password_hash, "secret-123"));
}

TEST_F(user_commands_test, wrong_usage_exits_with_2_and_a_sentence) {
  add("ada");
  const std::pair<const char*, const char*> cases[] = {
      {"user add bob --role boss --password-stdin", "secret-123"},
      {"user add a/b --role viewer --password-stdin", "secret-123"},
      {"user add bob --role viewer --password-stdin", "short"},
      {"user add bob --role viewer --password-stdin", ""},
      {"user role ada --role boss", ""},
      {"user password ada --password-stdin", "short"},
      {"user grant ada ..", ""},
      {"user revoke ada a/b", ""},
      {"token create --user ada --name ci --expires soon", ""},
      {"token create --user ada --name ci --expires 0s", ""},
      {"token create --user ada --name ci --expires 40000d", ""},
      {"token create --user ada --name \x1b[2J", ""},
      {"token revoke first", ""},
  };
  for (const auto& [arguments, input] : cases) {
    EXPECT_EQ(run(arguments, input), 2) << arguments << ": " << err.str();
    expect_one_sentence();
  }
}

TEST_F(user_commands_test, a_password_past_the_bound_is_refused_and_not_read_to_its_end) {
  std::istringstream in(std::string(2'000'000, 'x'));
  EXPECT_EQ(user_add(data_dir, "bob", "viewer", {in, out, err}), 2);
  EXPECT_NE(err.str().find("1024"), std::string::npos);
  ASSERT_TRUE(in.good());
  EXPECT_LT(in.tellg(), 2'000);
}

TEST_F(user_commands_test, what_cannot_be_done_exits_with_1_and_a_sentence) {
  add("root", protocol::role::super_admin);
  for (const char* arguments :
       {"user remove nobody", "user remove root", "user role root --role viewer",
        "user role nobody --role viewer", "user remove \x1b[2J", "user grant nobody shop",
        "user revoke root shop", "token create --user nobody --name ci", "token revoke 17"}) {
    EXPECT_EQ(run(arguments), 1) << arguments;
    expect_one_sentence();
    EXPECT_EQ(err.str().find('\x1b'), std::string::npos);
  }
  EXPECT_EQ(run("user add ROOT --role viewer --password-stdin", "secret-123"), 1);
  EXPECT_NE(err.str().find("already"), std::string::npos);
}

TEST_F(user_commands_test, what_cli11_must_refuse_it_refuses) {
  for (const char* arguments : {"user", "token", "user add", "user add ada --password-stdin",
                                "user add ada --role viewer", "user remove", "user grant ada",
                                "token create --name ci", "token create --user ada", "user dance"})
    EXPECT_EQ(run(arguments, "secret-123"), -1) << arguments;
  EXPECT_FALSE(std::filesystem::exists(data_dir));
}

TEST_F(user_commands_test, an_option_without_text_is_refused_rather_than_taken_as_not_given) {
  add("ada");
  const std::string data = data_dir.string();
  const std::vector<std::vector<std::string>> lines = {
      {"token", "create", "--user", "ada", "--name", "ci", "--data-dir", data, "--expires", ""},
      {"token", "list", "--data-dir", ""},
      {"token", "list", "--config", ""}};
  for (std::vector<std::string> line : lines) {
    std::reverse(line.begin(), line.end());  // as CLI11 takes a vector
    std::istringstream in;
    int exit_code = -1;
    CLI::App root("spillway");
    add_user_commands(root, exit_code, {in, out, err});
    EXPECT_THROW(root.parse(line), CLI::ParseError) << line.front();
    EXPECT_EQ(exit_code, -1);
  }
}

TEST_F(user_commands_test, users_are_listed_with_roles_and_grants) {
  add("bob");
  add("ada", protocol::role::super_admin);
  ASSERT_EQ(run("user grant bob shop"), 0);
  ASSERT_EQ(run("user grant bob blog"), 0);
  ASSERT_EQ(run("user list"), 0);
  const std::string text = out.str();
  EXPECT_LT(text.find("ada"), text.find("bob"));
  EXPECT_NE(text.find("super_admin"), std::string::npos);
  EXPECT_NE(text.find("blog,shop"), std::string::npos) << text;
  ASSERT_EQ(run("user revoke bob blog"), 0);
  ASSERT_EQ(run("user list"), 0);
  EXPECT_EQ(out.str().find("blog"), std::string::npos);
  ASSERT_EQ(run("user remove bob"), 0);
  ASSERT_EQ(run("user list"), 0);
  EXPECT_EQ(out.str().find("bob"), std::string::npos);
}

TEST_F(user_commands_test, token_create_prints_the_token_and_nothing_else) {
  add("ada");
  ASSERT_EQ(run("token create --user ada --name 'my laptop' --expires 90d"), 0) << err.str();
  const std::string text = out.str();
  EXPECT_EQ(text.substr(0, 3), "sd_");
  EXPECT_EQ(text.find_first_of(" \n"), text.size() - 1);
  store::token_store tokens(*store::database::open(data_dir));
  const auto today = std::chrono::system_clock::now();
  const std::string token = text.substr(0, text.size() - 1);
  EXPECT_TRUE(*tokens.authenticate(token, today + std::chrono::days(89)));
  EXPECT_FALSE(*tokens.authenticate(token, today + std::chrono::days(91)));
}

TEST_F(user_commands_test, tokens_are_listed_without_their_text_and_revoked_by_id) {
  add("ada");
  ASSERT_EQ(run("token create --user ada --name laptop"), 0);
  const std::string token = out.str().substr(0, out.str().size() - 1);
  ASSERT_EQ(run("token list"), 0);
  EXPECT_NE(out.str().find("laptop"), std::string::npos);
  EXPECT_NE(out.str().find("never"), std::string::npos);
  EXPECT_EQ(out.str().find("sd_"), std::string::npos);
  ASSERT_EQ(run("token revoke 1"), 0);
  EXPECT_FALSE(*store::token_store(*store::database::open(data_dir))
                    .authenticate(token, std::chrono::system_clock::now()));
}

TEST_F(user_commands_test, they_work_beside_a_database_that_is_open) {
  const auto open = *store::database::open(data_dir);
  add("ada");
  ASSERT_EQ(run("token create --user ada --name ci"), 0);
  const std::string token = out.str().substr(0, out.str().size() - 1);
  EXPECT_TRUE(*store::token_store(open).authenticate(token, std::chrono::system_clock::now()));
}

TEST_F(user_commands_test, a_data_directory_that_cannot_be_made_exits_with_1_and_a_sentence) {
  test::write_file(data_dir, "a file in the way");
  EXPECT_EQ(run("user list"), 1);
  expect_one_sentence();
  EXPECT_NE(err.str().find("--data-dir"), std::string::npos);
}

TEST_F(user_commands_test, a_folder_without_a_database_is_told_and_stays_as_it_was) {
  for (const char* arguments : {"user list", "user password ada --password-stdin",
                                "token create --user ada --name ci", "token revoke 1"}) {
    EXPECT_EQ(run(arguments, "secret-123"), 1) << arguments;
    expect_one_sentence();
    EXPECT_NE(err.str().find("there is no database"), std::string::npos) << err.str();
  }
  EXPECT_FALSE(std::filesystem::exists(data_dir));
  EXPECT_EQ(run("user add ada --role viewer --password-stdin", "secret-123"), 0);
  EXPECT_NE(err.str().find("this makes one"), std::string::npos) << err.str();
  EXPECT_EQ(run("user list"), 0);
}

class user_command_line_test : public user_commands_test {
 protected:
  int run_with_config(const std::string& yaml) {
    test::write_file(dir / "spillway.yaml", yaml);
    std::istringstream in;
    int exit_code = -1;
    CLI::App root("spillway");
    add_user_commands(root, exit_code, {in, out, err});
    root.parse("user list --config " + (dir / "spillway.yaml").string());
    return exit_code;
  }
};

TEST_F(user_command_line_test, the_configuration_file_names_the_data_directory) {
  add("ada");
  EXPECT_EQ(run_with_config("data_dir: " + data_dir.string() + "\n"), 0) << err.str();
  EXPECT_NE(out.str().find("ada"), std::string::npos);
}

TEST_F(user_command_line_test, a_bad_configuration_file_exits_with_78_and_its_line) {
  EXPECT_EQ(run_with_config("listen: 127.0.0.1:1\nno_such_key: 1\n"), 78);
  EXPECT_NE(err.str().find("spillway.yaml:2: "), std::string::npos) << err.str();
}

}  // namespace
}  // namespace spillway::app
