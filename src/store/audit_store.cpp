#include "store/audit_store.hpp"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include "store/database.hpp"
#include "store/times.hpp"

namespace spillway::store {
namespace {

void bind_text(SQLite::Statement& statement, int at, const std::string& text) {
  if (!text.empty()) statement.bind(at, text);
}

void insert_opening(database& db, const audit_opening& opened) {
  const auto insert = db.statement(
      "INSERT OR REPLACE INTO audit(id, user, credential, address, stream, app, detail, opened_at) "
      "VALUES(?, ?, ?, ?, ?, ?, ?, ?)");
  insert->clearBindings();
  const actors::opened_stream& stream = opened.stream;
  insert->bind(1, static_cast<std::int64_t>(opened.id));
  insert->bind(2, stream.user);
  insert->bind(3, stream.credential);
  insert->bind(4, stream.address);
  insert->bind(5, stream.stream);
  bind_text(*insert.operator->(), 6, stream.app);
  bind_text(*insert.operator->(), 7, stream.detail);
  insert->bind(8, to_column(stream.opened_at));
  insert->exec();
}

void update_closing(database& db, const actors::closed_stream& closed) {
  const auto update = db.statement(
      "UPDATE audit SET closed_at = ?, close_code = ?, reason = ?, lines = ?, bytes = ? WHERE id = "
      "?");
  update->clearBindings();
  update->bind(1, to_column(closed.closed_at));
  if (closed.close_code) update->bind(2, static_cast<int>(*closed.close_code));
  update->bind(3, closed.reason);
  update->bind(4, static_cast<std::int64_t>(closed.lines));
  update->bind(5, static_cast<std::int64_t>(closed.bytes));
  update->bind(6, static_cast<std::int64_t>(closed.id));
  update->exec();
}

/// Those past the newest `keep`, but for streams that are open. Ids are given one by one.
void forget_old(database& db, std::size_t keep) {
  const auto erase = db.statement(
      "DELETE FROM audit WHERE id <= (SELECT max(id) FROM audit) - ? AND reason IS NOT NULL");
  erase->bind(1, static_cast<std::int64_t>(keep));
  erase->exec();
}

std::optional<std::uint64_t> optional_count(const SQLite::Column& column) {
  if (column.isNull()) return std::nullopt;
  return static_cast<std::uint64_t>(column.getInt64());
}

actors::audit_entry entry_from_row(SQLite::Statement& row) {
  actors::audit_entry made;
  made.id = static_cast<std::uint64_t>(row.getColumn(0).getInt64());
  made.opened = {row.getColumn(1).getString(),
                 row.getColumn(2).getString(),
                 row.getColumn(3).getString(),
                 row.getColumn(4).getString(),
                 row.getColumn(5).getString(),
                 row.getColumn(6).getString(),
                 from_column(row.getColumn(7).getInt64())};
  made.closed_at = optional_time(row.getColumn(8));
  if (const auto code = optional_count(row.getColumn(9)))
    made.close_code = static_cast<std::uint16_t>(*code);
  made.reason = row.getColumn(10).getString();
  made.lines = optional_count(row.getColumn(11));
  made.bytes = optional_count(row.getColumn(12));
  return made;
}

}  // namespace

result<void> audit_store::write(const std::vector<event>& events, std::size_t keep) {
  return db_->transact([&](SQLite::Database&) -> result<void> {
    for (const event& each : events) {
      if (const auto* opened = std::get_if<audit_opening>(&each)) {
        insert_opening(*db_, *opened);
      } else {
        update_closing(*db_, std::get<actors::closed_stream>(each));
      }
    }
    forget_old(*db_, keep);
    return {};
  });
}

result<void> audit_store::close_abandoned() {
  return db_->transact([](SQLite::Database& connection) -> result<void> {
    connection.exec("UPDATE audit SET reason = 'the server died' WHERE reason IS NULL");
    return {};
  });
}

result<std::uint64_t> audit_store::next_id() {
  return db_->run([](SQLite::Database& connection) -> result<std::uint64_t> {
    const auto last = connection.execAndGet("SELECT coalesce(max(id), 0) FROM audit").getInt64();
    return static_cast<std::uint64_t>(last) + 1;
  });
}

result<std::vector<actors::audit_entry>> audit_store::list(const actors::audit_query& query) {
  return db_->run([&](SQLite::Database& connection) -> result<std::vector<actors::audit_entry>> {
    SQLite::Statement select(
        connection,
        "SELECT id, user, credential, address, stream, app, detail, opened_at, closed_at, "
        "close_code, reason, lines, bytes FROM audit WHERE (?1 IS NULL OR id < ?1) AND (?2 IS NULL "
        "OR user = ?2 COLLATE NOCASE) AND (?3 IS NULL OR app = ?3) ORDER BY id DESC LIMIT ?4");
    if (query.before) select.bind(1, static_cast<std::int64_t>(*query.before));
    if (query.user) select.bind(2, *query.user);
    if (query.app) select.bind(3, *query.app);
    select.bind(4, static_cast<std::int64_t>(query.limit));
    std::vector<actors::audit_entry> entries;
    while (select.executeStep()) entries.push_back(entry_from_row(select));
    return entries;
  });
}

}  // namespace spillway::store
