#include "store/version_store.hpp"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include "store/database.hpp"
#include "store/times.hpp"

namespace spillway::store {
namespace {

compose_version version_from_row(SQLite::Statement& row) {
  return {row.getColumn(0).getInt64(), static_cast<std::uint64_t>(row.getColumn(1).getInt64()),
          row.getColumn(2).getString(), from_column(row.getColumn(3).getInt64())};
}

std::optional<std::int64_t> find_newest_if(SQLite::Database& connection, const std::string& app,
                                           std::string_view compose) {
  SQLite::Statement newest(
      connection,
      "SELECT id, compose FROM compose_versions WHERE app = ? ORDER BY id DESC LIMIT 1");
  newest.bind(1, app);
  if (!newest.executeStep() || newest.getColumn(1).getString() != compose) return std::nullopt;
  return newest.getColumn(0).getInt64();
}

}  // namespace

result<std::optional<std::int64_t>> version_store::add(const std::string& app,
                                                       std::string_view compose,
                                                       const std::string& user,
                                                       protocol::timestamp now) {
  return db_->transact([&](SQLite::Database& connection) -> result<std::optional<std::int64_t>> {
    if (find_newest_if(connection, app, compose)) return std::nullopt;
    SQLite::Statement insert(
        connection,
        "INSERT INTO compose_versions(app, compose, user, created_at) VALUES(?, ?, ?, ?)");
    insert.bind(1, app);
    insert.bind(2, compose.data(), static_cast<int>(compose.size()));
    insert.bind(3, user);
    insert.bind(4, to_column(now));
    insert.exec();
    return connection.getLastInsertRowid();
  });
}

result<std::optional<std::int64_t>> version_store::newest_if(const std::string& app,
                                                             std::string_view compose) {
  return db_->run([&](SQLite::Database& connection) -> result<std::optional<std::int64_t>> {
    return find_newest_if(connection, app, compose);
  });
}

result<void> version_store::forget_oldest(const std::string& app, std::size_t keep) {
  return db_->transact([&](SQLite::Database& connection) -> result<void> {
    SQLite::Statement erase(connection,
                            "DELETE FROM compose_versions WHERE app = ?1 AND id NOT IN (SELECT id "
                            "FROM compose_versions WHERE app = ?1 ORDER BY id DESC LIMIT ?2)");
    erase.bind(1, app);
    erase.bind(2, static_cast<std::int64_t>(keep));
    erase.exec();
    return {};
  });
}

result<void> version_store::remove(std::int64_t id) {
  return db_->transact([&](SQLite::Database& connection) -> result<void> {
    SQLite::Statement erase(connection, "DELETE FROM compose_versions WHERE id = ?");
    erase.bind(1, id);
    erase.exec();
    return {};
  });
}

result<std::vector<compose_version>> version_store::list(const std::string& app) {
  return db_->run([&](SQLite::Database& connection) -> result<std::vector<compose_version>> {
    SQLite::Statement query(connection,
                            "SELECT id, length(compose), user, created_at FROM compose_versions "
                            "WHERE app = ? ORDER BY id DESC");
    query.bind(1, app);
    std::vector<compose_version> versions;
    while (query.executeStep()) versions.push_back(version_from_row(query));
    return versions;
  });
}

result<std::optional<std::pair<compose_version, std::string>>> version_store::find(
    const std::string& app, std::int64_t id) {
  using found = result<std::optional<std::pair<compose_version, std::string>>>;
  return db_->run([&](SQLite::Database& connection) -> found {
    SQLite::Statement query(connection,
                            "SELECT id, length(compose), user, created_at, compose FROM "
                            "compose_versions WHERE id = ? AND app = ?");
    query.bind(1, id);
    query.bind(2, app);
    if (!query.executeStep()) return std::nullopt;
    return std::pair{version_from_row(query), query.getColumn(4).getString()};
  });
}

result<void> version_store::forget(const std::string& app) {
  return db_->transact([&](SQLite::Database& connection) -> result<void> {
    SQLite::Statement erase(connection, "DELETE FROM compose_versions WHERE app = ?");
    erase.bind(1, app);
    erase.exec();
    return {};
  });
}

}  // namespace spillway::store
