#include "store/login_store.hpp"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>
#include <fmt/format.h>

#include "store/credential_names.hpp"
#include "store/database.hpp"
#include "store/secrets.hpp"
#include "store/times.hpp"
#include "store/user_rows.hpp"

namespace spillway::store {
namespace {

struct login_row {
  std::int64_t user_id;
  protocol::timestamp expires_at;
};

std::optional<login_row> find_login(database& db, const std::string& hash) {
  const auto [first, last] = hashes_like(hash);
  const auto query =
      db.statement("SELECT user_id, expires_at, hash FROM logins WHERE hash BETWEEN ? AND ?");
  query->bind(1, first.data(), static_cast<int>(first.size()));
  query->bind(2, last.data(), static_cast<int>(last.size()));
  while (query->executeStep()) {
    if (!same_hash(query->getColumn(2).getString(), hash)) continue;
    return login_row{query->getColumn(0).getInt64(), from_column(query->getColumn(1).getInt64())};
  }
  return std::nullopt;
}

bool has_password(SQLite::Database& connection, std::int64_t user_id, const std::string& hash) {
  SQLite::Statement query(connection, "SELECT 1 FROM users WHERE id = ? AND password_hash = ?");
  query.bind(1, user_id);
  query.bind(2, hash);
  return query.executeStep();
}

}  // namespace

result<new_login> login_store::create(std::int64_t user_id, const std::string& password_hash,
                                      std::chrono::milliseconds lifetime, protocol::timestamp now) {
  return db_->transact([&](SQLite::Database& connection) -> result<new_login> {
    if (!has_password(connection, user_id, password_hash))
      return fail(errc::not_found, "the user was removed, or the password changed");
    const std::string cookie = new_session_cookie();
    const std::string hash = secret_hash(cookie);
    const auto version = access_version_of(*db_);
    auto who = principal_of(*db_, user_id, {login_credential(hash), now + lifetime, version});
    if (!who) return fail(errc::not_found, "the user was removed, or the password changed");

    SQLite::Statement expired(connection, "DELETE FROM logins WHERE expires_at <= ?");
    expired.bind(1, to_column(now));
    expired.exec();
    SQLite::Statement insert(connection,
                             "INSERT INTO logins(hash, user_id, expires_at) VALUES(?, ?, ?)");
    insert.bind(1, hash.data(), static_cast<int>(hash.size()));
    insert.bind(2, user_id);
    insert.bind(3, to_column(now + lifetime));
    insert.exec();
    return new_login{std::move(*who), cookie};
  });
}

result<std::optional<protocol::principal>> login_store::authenticate(std::string_view cookie,
                                                                     protocol::timestamp now) {
  // Nothing else was ever given out: no need to ask the database.
  if (!is_session_cookie(cookie)) return std::nullopt;
  const std::string hash = secret_hash(cookie);
  using found = result<std::optional<protocol::principal>>;
  return db_->run([&](SQLite::Database&) -> found {
    const auto version = access_version_of(*db_);
    const auto row = find_login(*db_, hash);
    if (!row || row->expires_at <= now) return std::nullopt;
    return principal_of(*db_, row->user_id, {login_credential(hash), row->expires_at, version});
  });
}

result<void> login_store::remove(std::string_view cookie) {
  const std::string hash = secret_hash(cookie);
  return db_->transact([&](SQLite::Database& connection) -> result<void> {
    SQLite::Statement erase(connection, "DELETE FROM logins WHERE hash = ?");
    erase.bind(1, hash.data(), static_cast<int>(hash.size()));
    erase.exec();
    return {};
  });
}

}  // namespace spillway::store
