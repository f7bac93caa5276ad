#include "store/app_store.hpp"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>
#include <fmt/format.h>

#include "store/database.hpp"
#include "store/times.hpp"

namespace spillway::store {
namespace {

void erase_where(SQLite::Database& connection, const char* statement, const protocol::slug& app) {
  SQLite::Statement erase(connection, statement);
  erase.bind(1, app.text());
  erase.exec();
}

}  // namespace

result<void> app_store::put(const protocol::slug& app, const std::string& project,
                            protocol::timestamp now) {
  return db_->transact([&](SQLite::Database& connection) -> result<void> {
    SQLite::Statement other(connection, "SELECT 1 FROM apps WHERE project = ? AND slug <> ?");
    other.bind(1, project);
    other.bind(2, app.text());
    if (other.executeStep())
      return fail(errc::exists,
                  fmt::format("another app already uses the compose project {}", project));
    SQLite::Statement upsert(
        connection,
        "INSERT INTO apps(slug, project, deployed_at) VALUES(?, ?, ?) ON CONFLICT(slug) "
        "DO UPDATE SET project = excluded.project, deployed_at = excluded.deployed_at");
    upsert.bind(1, app.text());
    upsert.bind(2, project);
    upsert.bind(3, to_column(now));
    upsert.exec();
    return {};
  });
}

result<std::vector<app>> app_store::list() {
  return db_->run([](SQLite::Database& connection) -> result<std::vector<app>> {
    SQLite::Statement query(connection,
                            "SELECT slug, project, deployed_at FROM apps ORDER BY slug");
    std::vector<app> apps;
    while (query.executeStep())
      apps.push_back({query.getColumn(0).getString(), query.getColumn(1).getString(),
                      from_column(query.getColumn(2).getInt64())});
    return apps;
  });
}

result<bool> app_store::exists(const protocol::slug& app) {
  return db_->run([&](SQLite::Database& connection) -> result<bool> {
    SQLite::Statement query(connection, "SELECT 1 FROM apps WHERE slug = ?");
    query.bind(1, app.text());
    return query.executeStep();
  });
}

result<void> app_store::forget(const protocol::slug& app) {
  return db_->transact([&](SQLite::Database& connection) -> result<void> {
    erase_where(connection, "DELETE FROM apps WHERE slug = ?", app);
    return {};
  });
}

result<void> app_store::remove(const protocol::slug& app) {
  return db_->transact([&](SQLite::Database& connection) -> result<void> {
    erase_where(connection, "DELETE FROM apps WHERE slug = ?", app);
    erase_where(connection, "DELETE FROM grants WHERE app = ?", app);
    return {};
  });
}

}  // namespace spillway::store
