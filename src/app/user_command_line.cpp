// The command line of `user` and `token`; what they do is in user_commands.cpp.
#include <CLI/CLI.hpp>
#include <functional>
#include <memory>
#include <ostream>

#include "app/exit_codes.hpp"
#include "app/user_commands.hpp"
#include "config/loader.hpp"

namespace spillway::app {
namespace {

/// What was given on the command line; lives as long as the callbacks that share it.
struct user_command_values {
  std::string data_dir;
  std::string config_file;
  std::string name;
  std::string role;
  std::string app;
  std::string user;
  std::string label;
  std::string expires;
  std::string id;
  bool password_stdin = false;
};

/// An empty text, as an unset shell variable leaves it, must not pass for the default.
std::string refuse_empty(const std::string& text) {
  return text.empty() ? "it is empty: give it a value or leave the option out" : "";
}

using values_ptr = std::shared_ptr<user_command_values>;
using data_dir_command = std::function<int(const std::filesystem::path&)>;

class user_command_builder {
 public:
  user_command_builder(int& exit_code, console io) : exit_code_(exit_code), io_(io) {}

  void add_user(CLI::App& root);
  void add_token(CLI::App& root);

 private:
  /// A subcommand with the options that all of them have, which runs `command` once parsed.
  CLI::App& leaf(CLI::App& parent, const char* name, const char* help, const values_ptr& values,
                 data_dir_command command) {
    CLI::App& made = *parent.add_subcommand(name, help);
    made.add_option("--data-dir", values->data_dir, "data directory of the server")
        ->type_name("DIR")
        ->check(refuse_empty);
    made.add_option("--config", values->config_file,
                    "configuration file that names the data directory")
        ->type_name("FILE")
        ->check(refuse_empty);
    made.callback([&exit_code = exit_code_, io = io_, values, command = std::move(command)] {
      exit_code = run(*values, io, command);
    });
    return made;
  }

  static int run(const user_command_values& values, console io, const data_dir_command& command) {
    if (!values.data_dir.empty()) return command(values.data_dir);
    if (values.config_file.empty()) return command(config::settings{}.data_dir);
    const auto loaded = config::load_file(values.config_file);
    if (loaded) return command(loaded->values.data_dir);
    for (const config::config_error& failed : loaded.error()) io.err << failed.text() << '\n';
    return exit_bad_configuration;
  }

  int& exit_code_;
  console io_;
};

void add_name(CLI::App& command, const values_ptr& values) {
  command.add_option("NAME", values->name, "the user's name")->required();
}

void add_role(CLI::App& command, const values_ptr& values) {
  command.add_option("--role", values->role, "super_admin, manage or viewer")
      ->type_name("ROLE")
      ->required();
}

void add_password_flag(CLI::App& command, const values_ptr& values) {
  command
      .add_flag("--password-stdin", values->password_stdin,
                "read the password from standard input, the only way to give it")
      ->required();
}

void add_app(CLI::App& command, const values_ptr& values) {
  command.add_option("SLUG", values->app, "the app's name")->required();
}

void user_command_builder::add_user(CLI::App& root) {
  CLI::App& user =
      *root.add_subcommand("user", "add, list, change and remove users, and grant them apps");
  user.require_subcommand(1);
  const auto values = std::make_shared<user_command_values>();
  user_command_values& given = *values;  // each callback below holds what it refers to

  auto& add = leaf(user, "add", "add a user, the password is the first line of standard input",
                   values, [&given, io = io_](const auto& data_dir) {
                     return user_add(data_dir, given.name, given.role, io);
                   });
  add_name(add, values);
  add_role(add, values);
  add_password_flag(add, values);

  leaf(user, "list", "list the users with their roles and apps", values,
       [io = io_](const auto& data_dir) { return user_list(data_dir, io); });
  add_name(leaf(user, "remove", "remove a user with all logins, tokens and grants", values,
                [&given, io = io_](const auto& data_dir) {
                  return user_remove(data_dir, given.name, io);
                }),
           values);

  auto& role =
      leaf(user, "role", "change a user's role", values, [&given, io = io_](const auto& data_dir) {
        return user_role(data_dir, given.name, given.role, io);
      });
  add_name(role, values);
  add_role(role, values);
  auto& password = leaf(user, "password",
                        "change a user's password and end all their logins; it is the first line "
                        "of standard input",
                        values, [&given, io = io_](const auto& data_dir) {
                          return user_password(data_dir, given.name, io);
                        });
  add_name(password, values);
  add_password_flag(password, values);

  auto& grant = leaf(user, "grant", "let a user see an app (and, with the role manage, operate it)",
                     values, [&given, io = io_](const auto& data_dir) {
                       return user_grant(data_dir, given.name, given.app, io);
                     });
  add_name(grant, values);
  add_app(grant, values);
  auto& revoke = leaf(user, "revoke", "take an app back from a user", values,
                      [&given, io = io_](const auto& data_dir) {
                        return user_revoke(data_dir, given.name, given.app, io);
                      });
  add_name(revoke, values);
  add_app(revoke, values);
}

void user_command_builder::add_token(CLI::App& root) {
  CLI::App& token = *root.add_subcommand("token", "create, list and revoke bearer tokens");
  token.require_subcommand(1);
  const auto values = std::make_shared<user_command_values>();
  user_command_values& given = *values;

  auto& create = leaf(token, "create", "create a token and print it: it is shown this once", values,
                      [&given, io = io_](const auto& data_dir) {
                        const auto expires =
                            given.expires.empty() ? std::nullopt : std::optional(given.expires);
                        return token_create(data_dir, given.user, given.label, expires, io);
                      });
  create.add_option("--user", given.user, "whose token it is")->type_name("NAME")->required();
  create.add_option("--name", given.label, "what it is for")->type_name("LABEL")->required();
  create
      .add_option("--expires", given.expires,
                  "how long it is valid, such as 90d; without it, until revoked")
      ->type_name("DURATION")
      ->check(refuse_empty);

  leaf(token, "list", "list the tokens, which themselves are not kept", values,
       [io = io_](const auto& data_dir) { return token_list(data_dir, io); });
  leaf(token, "revoke", "end a token", values,
       [&given, io = io_](const auto& data_dir) { return token_revoke(data_dir, given.id, io); })
      .add_option("ID", given.id, "the token's id, which token list shows")
      ->required();
}

}  // namespace

void add_user_commands(CLI::App& root, int& exit_code, console io) {
  user_command_builder builder(exit_code, io);
  builder.add_user(root);
  builder.add_token(root);
}

}  // namespace spillway::app
