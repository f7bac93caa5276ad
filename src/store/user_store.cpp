#include "store/user_store.hpp"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>
#include <fmt/format.h>

#include <algorithm>

#include "protocol/names.hpp"
#include "store/database.hpp"
#include "store/times.hpp"
#include "store/user_rows.hpp"

namespace spillway::store {
namespace {

constexpr const char* user_columns = "SELECT id, name, role, created_at, password_hash FROM users ";

std::string name_of(const user_key& who) {
  if (const auto* id = std::get_if<std::int64_t>(&who)) return fmt::format("with the id {}", *id);
  // What cannot be a name is nothing to repeat on somebody's terminal.
  const auto& name = std::get<std::string>(who);
  return check_user_name(name) ? name : "of that name";
}

tl::unexpected<error> no_such_user(const user_key& who) {
  return fail(errc::not_found, fmt::format("there is no user {}", name_of(who)));
}

std::optional<std::int64_t> find_user(SQLite::Database& connection, const user_key& who) {
  if (const auto* name = std::get_if<std::string>(&who)) return user_id_of(connection, *name);
  SQLite::Statement query(connection, "SELECT id FROM users WHERE id = ?");
  query.bind(1, std::get<std::int64_t>(who));
  if (!query.executeStep()) return std::nullopt;
  return query.getColumn(0).getInt64();
}

account account_from_row(database& db, SQLite::Statement& row) {
  const std::int64_t id = row.getColumn(0).getInt64();
  return {{id, row.getColumn(1).getString(), role_from_column(row.getColumn(2).getString()),
           from_column(row.getColumn(3).getInt64()), grants_of(db, id)},
          row.getColumn(4).getString()};
}

result<user> insert_user(SQLite::Database& connection, const std::string& name, protocol::role role,
                         const std::string& password_hash, protocol::timestamp now) {
  if (const auto checked = check_user_name(name); !checked) return tl::unexpected(checked.error());
  if (user_id_of(connection, name))
    return fail(errc::exists, fmt::format("there is a user {} already", name));
  SQLite::Statement insert(
      connection, "INSERT INTO users(name, role, password_hash, created_at) VALUES(?, ?, ?, ?)");
  insert.bind(1, name);
  insert.bind(2, std::string(protocol::to_string(role)));
  insert.bind(3, password_hash);
  insert.bind(4, to_column(now));
  insert.exec();
  return user{connection.getLastInsertRowid(), name, role, now, {}};
}

bool is_last_super_admin(SQLite::Database& connection, std::int64_t id) {
  SQLite::Statement query(connection,
                          "SELECT (SELECT role FROM users WHERE id = ?) = 'super_admin' AND "
                          "(SELECT count(*) FROM users WHERE role = 'super_admin') = 1");
  query.bind(1, id);
  query.executeStep();
  return query.getColumn(0).getInt() != 0;
}

tl::unexpected<error> last_super_admin(const user_key& who) {
  return fail(
      errc::refused,
      fmt::format("the user {} is the last super_admin: add another one first", name_of(who)));
}

}  // namespace

result<void> check_user_name(std::string_view name) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '@' || c == '-';
  };
  if (!name.empty() && name.size() <= 64 && std::all_of(name.begin(), name.end(), allowed))
    return {};
  return fail(errc::invalid,
              "a user name has 1 to 64 characters, each a letter, a digit or one of . _ @ -");
}

result<user> user_store::add(const std::string& name, protocol::role role,
                             const std::string& password_hash, protocol::timestamp now) {
  return db_->transact([&](SQLite::Database& connection) {
    return insert_user(connection, name, role, password_hash, now);
  });
}

result<user> user_store::add_first(const std::string& name, const std::string& password_hash,
                                   protocol::timestamp now) {
  return db_->transact([&](SQLite::Database& connection) -> result<user> {
    if (connection.execAndGet("SELECT count(*) FROM users").getInt() != 0)
      return fail(errc::refused, "the first user was created already: log in");
    return insert_user(connection, name, protocol::role::super_admin, password_hash, now);
  });
}

result<bool> user_store::empty() {
  return db_->run([](SQLite::Database& connection) -> result<bool> {
    return connection.execAndGet("SELECT NOT EXISTS(SELECT 1 FROM users)").getInt() != 0;
  });
}

result<std::optional<account>> user_store::find(const user_key& who) {
  return db_->run([&](SQLite::Database& connection) -> result<std::optional<account>> {
    const auto id = find_user(connection, who);
    if (!id) return std::nullopt;
    SQLite::Statement query(connection, std::string(user_columns) + "WHERE id = ?");
    query.bind(1, *id);
    if (!query.executeStep()) return std::nullopt;
    return account_from_row(*db_, query);
  });
}

result<std::vector<user>> user_store::list() {
  return db_->run([this](SQLite::Database& connection) -> result<std::vector<user>> {
    SQLite::Statement query(connection, std::string(user_columns) + "ORDER BY name");
    std::vector<user> users;
    while (query.executeStep()) users.push_back(account_from_row(*db_, query).who);
    return users;
  });
}

result<void> user_store::remove(const user_key& who) {
  return db_->transact([&](SQLite::Database& connection) -> result<void> {
    const auto id = find_user(connection, who);
    if (!id) return no_such_user(who);
    if (is_last_super_admin(connection, *id)) return last_super_admin(who);
    SQLite::Statement erase(connection, "DELETE FROM users WHERE id = ?");
    erase.bind(1, *id);
    erase.exec();
    return {};
  });
}

result<void> user_store::set_role(const user_key& who, protocol::role role) {
  return db_->transact([&](SQLite::Database& connection) -> result<void> {
    const auto id = find_user(connection, who);
    if (!id) return no_such_user(who);
    if (role != protocol::role::super_admin && is_last_super_admin(connection, *id))
      return last_super_admin(who);
    SQLite::Statement update(connection, "UPDATE users SET role = ? WHERE id = ?");
    update.bind(1, std::string(protocol::to_string(role)));
    update.bind(2, *id);
    update.exec();
    return {};
  });
}

result<void> user_store::set_password(const user_key& who, const std::string& password_hash,
                                      const std::optional<std::string>& instead_of) {
  return db_->transact([&](SQLite::Database& connection) -> result<void> {
    const auto id = find_user(connection, who);
    if (!id) return no_such_user(who);
    SQLite::Statement update(connection,
                             "UPDATE users SET password_hash = ?1 WHERE id = ?2 AND (?3 IS NULL OR "
                             "password_hash = ?3)");
    update.bind(1, password_hash);
    update.bind(2, *id);
    if (instead_of) update.bind(3, *instead_of);
    if (update.exec() == 0)
      return fail(errc::refused, "the password was changed by somebody else just now: try again");
    SQLite::Statement erase(connection, "DELETE FROM logins WHERE user_id = ?");
    erase.bind(1, *id);
    erase.exec();
    return {};
  });
}

result<void> user_store::grant(const user_key& who, const protocol::slug& app) {
  return db_->transact([&](SQLite::Database& connection) -> result<void> {
    const auto id = find_user(connection, who);
    if (!id) return no_such_user(who);
    SQLite::Statement insert(connection, "INSERT OR IGNORE INTO grants(user_id, app) VALUES(?, ?)");
    insert.bind(1, *id);
    insert.bind(2, app.text());
    insert.exec();
    return {};
  });
}

result<void> user_store::revoke(const user_key& who, const protocol::slug& app) {
  return db_->transact([&](SQLite::Database& connection) -> result<void> {
    const auto id = find_user(connection, who);
    if (!id) return no_such_user(who);
    SQLite::Statement erase(connection, "DELETE FROM grants WHERE user_id = ? AND app = ?");
    erase.bind(1, *id);
    erase.bind(2, app.text());
    if (erase.exec() == 0)
      return fail(errc::not_found,
                  fmt::format("the user {} was not granted {}", name_of(who), app.text()));
    return {};
  });
}

}  // namespace spillway::store
