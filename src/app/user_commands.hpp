// The subcommands `user` and `token`: they work on the data directory, also while a server runs.
#pragma once

#include <filesystem>
#include <iosfwd>
#include <optional>
#include <string>

namespace CLI {
class App;
}

namespace spillway::app {

struct console {
  std::istream& in;
  std::ostream& out;
  std::ostream& err;
};

/// Each returns the exit code: 0 fine, 1 failure, 2 wrong usage. An error is one sentence on `err`.
///
/// Reads the password from the first line of `in`.
int user_add(const std::filesystem::path& data_dir, const std::string& name,
             const std::string& role, console io);
int user_list(const std::filesystem::path& data_dir, console io);
int user_remove(const std::filesystem::path& data_dir, const std::string& name, console io);
int user_role(const std::filesystem::path& data_dir, const std::string& name,
              const std::string& role, console io);
/// Reads the new password from the first line of `in`; ends all logins of the user.
int user_password(const std::filesystem::path& data_dir, const std::string& name, console io);
int user_grant(const std::filesystem::path& data_dir, const std::string& name,
               const std::string& app, console io);
int user_revoke(const std::filesystem::path& data_dir, const std::string& name,
                const std::string& app, console io);

/// Prints the token and nothing else. `expires` is a duration such as `90d`; nothing: it lives
/// until it is revoked.
int token_create(const std::filesystem::path& data_dir, const std::string& user,
                 const std::string& label, const std::optional<std::string>& expires, console io);
int token_list(const std::filesystem::path& data_dir, console io);
int token_revoke(const std::filesystem::path& data_dir, const std::string& id, console io);

/// Registers `user …` and `token …` at `root`. Parsing runs the chosen one, whose exit code is then
/// in `exit_code`: also 78 where `--config` names a file that is not right. What CLI11 itself finds
/// wrong it throws, as ever. `exit_code` and the streams outlive the parsing.
void add_user_commands(CLI::App& root, int& exit_code, console io);

}  // namespace spillway::app
