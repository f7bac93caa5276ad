#include "store/user_rows.hpp"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

namespace spillway::store {

std::optional<std::int64_t> user_id_of(SQLite::Database& connection, const std::string& name) {
  SQLite::Statement query(connection, "SELECT id FROM users WHERE name = ?");
  query.bind(1, name);
  if (!query.executeStep()) return std::nullopt;
  return query.getColumn(0).getInt64();
}

std::set<std::string> grants_of(SQLite::Database& connection, std::int64_t user_id) {
  SQLite::Statement query(connection, "SELECT app FROM grants WHERE user_id = ?");
  query.bind(1, user_id);
  std::set<std::string> apps;
  while (query.executeStep()) apps.insert(query.getColumn(0).getString());
  return apps;
}

std::optional<protocol::principal> principal_of(SQLite::Database& connection, std::int64_t user_id,
                                                std::string credential) {
  SQLite::Statement query(connection, "SELECT name, role FROM users WHERE id = ?");
  query.bind(1, user_id);
  if (!query.executeStep()) return std::nullopt;
  return protocol::principal{query.getColumn(0).getString(),
                             role_from_column(query.getColumn(1).getString()),
                             std::move(credential), grants_of(connection, user_id)};
}

protocol::role role_from_column(const std::string& text) {
  return protocol::parse_role(text).value_or(protocol::role::viewer);
}

}  // namespace spillway::store
