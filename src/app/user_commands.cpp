#include "app/user_commands.hpp"

#include <fmt/format.h>

#include <charconv>
#include <chrono>
#include <istream>
#include <ostream>

#include "app/exit_codes.hpp"
#include "protocol/duration.hpp"
#include "store/database.hpp"
#include "store/database_file.hpp"
#include "store/passwords.hpp"
#include "store/token_store.hpp"
#include "store/user_store.hpp"

namespace spillway::app {
namespace {

int wrong_usage(console io, std::string_view message) {
  io.err << message << '\n';
  return exit_usage;
}

int report(console io, const store::error& failed) {
  io.err << failed.message << '\n';
  return failed.code == store::errc::invalid ? exit_usage : exit_failure;
}

template <class Value>
int exit_code_of(console io, const store::result<Value>& outcome) {
  return outcome ? exit_fine : report(io, outcome.error());
}

/// Of a folder that cannot be looked into, to open it says more.
bool has_database(const std::filesystem::path& data_dir) {
  std::error_code failed;
  return std::filesystem::exists(store::database_path(data_dir), failed) || failed;
}

/// Opens the database and calls `work` with it, or reports why it cannot be opened.
template <class Work>
int with_new_database(const std::filesystem::path& data_dir, console io, Work work) {
  const auto opened = store::database::open(data_dir);
  return opened ? work(*opened) : report(io, opened.error());
}

/// The same, where there is one: who names the wrong folder is told, rather than that a server's
/// users are none.
template <class Work>
int with_database(const std::filesystem::path& data_dir, console io, Work work) {
  if (has_database(data_dir)) return with_new_database(data_dir, io, std::move(work));
  io.err << "there is no database in " << data_dir.string()
         << ": name the server's data directory with --data-dir, or its configuration with "
            "--config\n";
  return exit_failure;
}

/// The first line, without its end. One byte more than a password may have is enough to refuse it.
std::string read_password(std::istream& in) {
  std::string password;
  for (char c; password.size() <= store::max_password_bytes && in.get(c) && c != '\n';)
    password += c;
  if (!password.empty() && password.back() == '\r') password.pop_back();
  return password;
}

std::string seconds_text(protocol::timestamp at) {
  return protocol::format_rfc3339_nano(at).substr(0, 19) + 'Z';
}

std::string seconds_text(const std::optional<protocol::timestamp>& at) {
  return at ? seconds_text(*at) : "never";
}

std::string joined(const std::set<std::string>& texts) {
  return texts.empty() ? "-" : fmt::format("{}", fmt::join(texts, ","));
}

int wrong_app_name(console io) {
  return wrong_usage(io,
                     "an app's name has 1 to 63 characters, each a letter, a digit or one of . _ - "
                     "and begins with a letter or digit");
}

int wrong_role(console io) {
  return wrong_usage(io, "the role is one of super_admin, manage and viewer: give it with --role");
}

}  // namespace

int user_add(const std::filesystem::path& data_dir, const std::string& name,
             const std::string& role, console io) {
  const auto parsed_role = protocol::parse_role(role);
  if (!parsed_role) return wrong_role(io);
  if (const auto checked = store::check_user_name(name); !checked)
    return report(io, checked.error());
  const auto hash = store::hash_password(read_password(io.in));
  if (!hash) return report(io, hash.error());
  if (!has_database(data_dir)) {
    io.err << "there was no database in " << data_dir.string() << " yet: this makes one\n";
  }
  return with_new_database(data_dir, io, [&](const auto& db) {
    return exit_code_of(
        io, store::user_store(db).add(name, *parsed_role, *hash, std::chrono::system_clock::now()));
  });
}

int user_list(const std::filesystem::path& data_dir, console io) {
  return with_database(data_dir, io, [&](const auto& db) {
    const auto users = store::user_store(db).list();
    if (!users) return report(io, users.error());
    io.out << fmt::format("{:<24} {:<12} {:<21} {}\n", "NAME", "ROLE", "CREATED", "APPS");
    for (const store::user& user : *users)
      io.out << fmt::format("{:<24} {:<12} {:<21} {}\n", user.name, protocol::to_string(user.role),
                            seconds_text(user.created_at), joined(user.granted_apps));
    return exit_fine;
  });
}

int user_remove(const std::filesystem::path& data_dir, const std::string& name, console io) {
  return with_database(data_dir, io, [&](const auto& db) {
    return exit_code_of(io, store::user_store(db).remove(name));
  });
}

int user_role(const std::filesystem::path& data_dir, const std::string& name,
              const std::string& role, console io) {
  const auto parsed_role = protocol::parse_role(role);
  if (!parsed_role) return wrong_role(io);
  return with_database(data_dir, io, [&](const auto& db) {
    return exit_code_of(io, store::user_store(db).set_role(name, *parsed_role));
  });
}

int user_password(const std::filesystem::path& data_dir, const std::string& name, console io) {
  const auto hash = store::hash_password(read_password(io.in));
  if (!hash) return report(io, hash.error());
  return with_database(data_dir, io, [&](const auto& db) {
    return exit_code_of(io, store::user_store(db).set_password(name, *hash));
  });
}

int user_grant(const std::filesystem::path& data_dir, const std::string& name,
               const std::string& app, console io) {
  const auto slug = protocol::slug::parse(app);
  if (!slug) return wrong_app_name(io);
  return with_database(data_dir, io, [&](const auto& db) {
    return exit_code_of(io, store::user_store(db).grant(name, *slug));
  });
}

int user_revoke(const std::filesystem::path& data_dir, const std::string& name,
                const std::string& app, console io) {
  const auto slug = protocol::slug::parse(app);
  if (!slug) return wrong_app_name(io);
  return with_database(data_dir, io, [&](const auto& db) {
    return exit_code_of(io, store::user_store(db).revoke(name, *slug));
  });
}

int token_create(const std::filesystem::path& data_dir, const std::string& user,
                 const std::string& label, const std::optional<std::string>& expires, console io) {
  const protocol::timestamp now = std::chrono::system_clock::now();
  std::optional<protocol::timestamp> expires_at;
  if (expires) {
    const auto lifetime = protocol::parse_duration(*expires);
    // So that the sum with the time of today is a time, too.
    constexpr auto longest = std::chrono::days(100 * 365);
    if (!lifetime || lifetime->count() == 0 || *lifetime > longest)
      return wrong_usage(io, "--expires takes a duration of up to 100 years, such as 12h or 90d");
    expires_at = now + *lifetime;
  }
  return with_database(data_dir, io, [&](const auto& db) {
    const auto made = store::token_store(db).create(user, label, expires_at, now);
    if (!made) return report(io, made.error());
    io.out << made->text << '\n';
    return exit_fine;
  });
}

int token_list(const std::filesystem::path& data_dir, console io) {
  return with_database(data_dir, io, [&](const auto& db) {
    const auto tokens = store::token_store(db).list();
    if (!tokens) return report(io, tokens.error());
    io.out << fmt::format("{:<6} {:<24} {:<21} {:<21} {:<21} {}\n", "ID", "USER", "CREATED",
                          "EXPIRES", "LAST USED", "NAME");
    for (const store::token& token : *tokens)
      io.out << fmt::format("{:<6} {:<24} {:<21} {:<21} {:<21} {}\n", token.id, token.user,
                            seconds_text(token.created_at), seconds_text(token.expires_at),
                            seconds_text(token.last_used_at), token.label);
    return exit_fine;
  });
}

int token_revoke(const std::filesystem::path& data_dir, const std::string& id, console io) {
  std::int64_t number = 0;
  const auto [end, failed] = std::from_chars(id.data(), id.data() + id.size(), number);
  if (failed != std::errc() || end != id.data() + id.size())
    return wrong_usage(io, "a token's id is a number: token list shows it");
  return with_database(data_dir, io, [&](const auto& db) {
    return exit_code_of(io, store::token_store(db).revoke(number));
  });
}

}  // namespace spillway::app
