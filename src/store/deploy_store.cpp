#include "store/deploy_store.hpp"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>
#include <fmt/format.h>

#include "store/database.hpp"
#include "store/times.hpp"

namespace spillway::store {
namespace {

constexpr const char* deploy_columns =
    "SELECT id, app, action, status, exit_code, user, started_at, finished_at FROM deploys ";

std::vector<actors::deploy_record> records_of(SQLite::Statement& query) {
  std::vector<actors::deploy_record> records;
  while (query.executeStep())
    records.push_back({query.getColumn(0).getString(), query.getColumn(1).getString(),
                       query.getColumn(2).getString(), query.getColumn(3).getString(),
                       query.getColumn(4).getInt(), query.getColumn(5).getString(),
                       from_column(query.getColumn(6).getInt64()),
                       from_column(query.getColumn(7).getInt64())});  // NULL reads as 0
  return records;
}

}  // namespace

result<void> deploy_store::begin(const actors::deploy_record& record) {
  return db_->transact([&](SQLite::Database& connection) -> result<void> {
    SQLite::Statement insert(
        connection,
        "INSERT INTO deploys(id, app, action, status, exit_code, user, started_at) "
        "VALUES(?, ?, ?, 'running', 0, ?, ?) ON CONFLICT DO NOTHING");
    insert.bind(1, record.id);
    insert.bind(2, record.app);
    insert.bind(3, record.action);
    insert.bind(4, record.user);
    insert.bind(5, to_column(record.started_at));
    if (insert.exec() == 0)
      return fail(errc::exists, fmt::format("there is a deploy {} already", record.id));
    return {};
  });
}

result<void> deploy_store::finish(const actors::deploy_record& record) {
  return db_->transact([&](SQLite::Database& connection) -> result<void> {
    SQLite::Statement update(connection,
                             "UPDATE deploys SET status = ?, exit_code = ?, finished_at = ? "
                             "WHERE id = ? AND app = ?");
    update.bind(1, record.status);
    update.bind(2, record.exit_code);
    update.bind(3, to_column(record.finished_at));
    update.bind(4, record.id);
    update.bind(5, record.app);
    if (update.exec() == 0)
      return fail(errc::not_found, fmt::format("no deploy {} has begun", record.id));
    return {};
  });
}

result<void> deploy_store::remove(const std::string& id) {
  return db_->transact([&](SQLite::Database& connection) -> result<void> {
    SQLite::Statement erase(connection, "DELETE FROM deploys WHERE id = ?");
    erase.bind(1, id);
    erase.exec();
    return {};
  });
}

result<void> deploy_store::remove(const std::vector<std::string>& ids) {
  return db_->transact([&](SQLite::Database& connection) -> result<void> {
    SQLite::Statement erase(connection, "DELETE FROM deploys WHERE id = ?");
    for (const std::string& id : ids) {
      erase.bind(1, id);
      erase.exec();
      erase.reset();
    }
    return {};
  });
}

result<void> deploy_store::forget(const std::string& app) {
  return db_->transact([&](SQLite::Database& connection) -> result<void> {
    SQLite::Statement erase(connection, "DELETE FROM deploys WHERE app = ?");
    erase.bind(1, app);
    erase.exec();
    return {};
  });
}

result<std::optional<actors::deploy_record>> deploy_store::find(const std::string& app,
                                                                const std::string& id) {
  using found = result<std::optional<actors::deploy_record>>;
  return db_->run([&](SQLite::Database& connection) -> found {
    SQLite::Statement query(connection, std::string(deploy_columns) + "WHERE id = ? AND app = ?");
    query.bind(1, id);
    query.bind(2, app);
    auto records = records_of(query);
    if (records.empty()) return std::nullopt;
    return std::move(records.front());
  });
}

result<std::vector<actors::deploy_record>> deploy_store::list(const std::string& app,
                                                              std::size_t most) {
  return db_->run([&](SQLite::Database& connection) -> result<std::vector<actors::deploy_record>> {
    SQLite::Statement query(
        connection,
        std::string(deploy_columns) + "WHERE app = ? ORDER BY started_at DESC, id DESC LIMIT ?");
    query.bind(1, app);
    query.bind(2, static_cast<std::int64_t>(most));
    return records_of(query);
  });
}

result<std::vector<actors::deploy_record>> deploy_store::running() {
  return db_->run([](SQLite::Database& connection) -> result<std::vector<actors::deploy_record>> {
    SQLite::Statement query(connection,
                            std::string(deploy_columns) + "WHERE status = 'running' ORDER BY id");
    return records_of(query);
  });
}

}  // namespace spillway::store
