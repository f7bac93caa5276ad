#include "store/user_rows.hpp"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include "store/credential_names.hpp"
#include "store/database.hpp"
#include "store/times.hpp"

namespace spillway::store {
namespace {

std::optional<holder> token_holder(database& db, std::int64_t id) {
  const auto query = db.statement("SELECT user_id, expires_at FROM tokens WHERE id = ?");
  query->bind(1, id);
  if (!query->executeStep()) return std::nullopt;
  return holder{query->getColumn(0).getInt64(), optional_time(query->getColumn(1))};
}

std::optional<holder> login_holder(database& db, const hash_range& hashes) {
  const auto query =
      db.statement("SELECT user_id, expires_at FROM logins WHERE hash BETWEEN ? AND ? LIMIT 1");
  query->bind(1, hashes.first.data(), static_cast<int>(hashes.first.size()));
  query->bind(2, hashes.last.data(), static_cast<int>(hashes.last.size()));
  if (!query->executeStep()) return std::nullopt;
  return holder{query->getColumn(0).getInt64(), optional_time(query->getColumn(1))};
}

}  // namespace

std::optional<std::int64_t> user_id_of(SQLite::Database& connection, const std::string& name) {
  SQLite::Statement query(connection, "SELECT id FROM users WHERE name = ?");
  query.bind(1, name);
  if (!query.executeStep()) return std::nullopt;
  return query.getColumn(0).getInt64();
}

std::set<std::string> grants_of(database& db, std::int64_t user_id) {
  const auto query = db.statement("SELECT app FROM grants WHERE user_id = ?");
  query->bind(1, user_id);
  std::set<std::string> apps;
  while (query->executeStep()) apps.insert(query->getColumn(0).getString());
  return apps;
}

std::uint64_t access_version_of(database& db) {
  const auto query = db.statement("SELECT version FROM access_version");
  query->executeStep();
  return static_cast<std::uint64_t>(query->getColumn(0).getInt64());
}

std::optional<protocol::principal> principal_of(database& db, std::int64_t user_id, proof by) {
  const auto query = db.statement("SELECT name, role FROM users WHERE id = ?");
  query->bind(1, user_id);
  if (!query->executeStep()) return std::nullopt;
  return protocol::principal{query->getColumn(0).getString(),
                             role_from_column(query->getColumn(1).getString()),
                             std::move(by.credential),
                             grants_of(db, user_id),
                             by.valid_until,
                             by.access_version};
}

std::optional<holder> holder_of(database& db, const std::string& credential) {
  if (const auto id = token_id_of(credential)) return token_holder(db, *id);
  if (const auto hashes = login_hashes_of(credential)) return login_holder(db, *hashes);
  return std::nullopt;
}

protocol::role role_from_column(const std::string& text) {
  return protocol::parse_role(text).value_or(protocol::role::viewer);
}

}  // namespace spillway::store
