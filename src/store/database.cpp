#include "store/database.hpp"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Exception.h>
#include <SQLiteCpp/Statement.h>
#include <fmt/format.h>
#include <sqlite3.h>

#include <new>
#include <string_view>
#include <thread>

#include "store/database_file.hpp"
#include "store/schema.hpp"

namespace spillway::store {
namespace {

/// What the operator can do about a failure of SQLite.
std::string_view advice(int code) {
  switch (code) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return "another process holds it locked; try again, or end that process";
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
      return "it cannot be written; give this user write access to it and to its directory";
    case SQLITE_CANTOPEN:
      return "it cannot be opened; give this user access to it and to its directory";
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return "it is damaged or not a database of spillway; restore it from a backup or move it "
             "away";
    case SQLITE_FULL:
      return "the disk is full; free some space";
    case SQLITE_IOERR:
      return "the disk failed to read or write it; check the disk and its free space";
    default:
      return "it failed unexpectedly; check the file and its directory";
  }
}

error sqlite_error(const std::filesystem::path& path, const SQLite::Exception& thrown) {
  const int code = thrown.getErrorCode() & 0xff;
  const bool locked = code == SQLITE_BUSY || code == SQLITE_LOCKED;
  return {locked ? errc::busy : errc::unavailable,
          fmt::format("the database {}: {} ({})", path.string(), advice(code), thrown.what())};
}

/// Changing the journal mode does not wait for other connections by itself.
void enter_wal(SQLite::Database& connection, std::chrono::milliseconds patience) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  for (;;) {
    try {
      connection.exec("PRAGMA journal_mode = WAL");
      return;
    } catch (const SQLite::Exception& thrown) {
      if (thrown.getErrorCode() != SQLITE_BUSY || std::chrono::steady_clock::now() >= deadline)
        throw;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
}

}  // namespace

result<std::shared_ptr<database>> database::open(const std::filesystem::path& data_dir,
                                                 const options& chosen) {
  if (const auto ready = prepare_database_file(data_dir); !ready)
    return tl::unexpected(ready.error());
  const auto path = database_path(data_dir);
  try {
    auto connection = std::make_unique<SQLite::Database>(
        path.string(), SQLite::OPEN_READWRITE, static_cast<int>(chosen.busy_timeout.count()));
    enter_wal(*connection, chosen.busy_timeout);
    connection->exec("PRAGMA foreign_keys = ON");
    // A token that was revoked stays revoked, even after a power cut.
    const bool sync = chosen.commits == options::durability::power_cut;
    connection->exec(sync ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
    if (const auto migrated = migrate(*connection); !migrated)
      return tl::unexpected(migrated.error());
    return std::shared_ptr<database>(new database(data_dir, std::move(connection), chosen));
  } catch (const SQLite::Exception& thrown) {
    return tl::unexpected(sqlite_error(path, thrown));
  }
}

database::database(std::filesystem::path data_dir, std::unique_ptr<SQLite::Database> connection,
                   const options& chosen)
    : data_dir_(std::move(data_dir)), chosen_(chosen), connection_(std::move(connection)) {}

database::~database() = default;

error database::error_of_current_exception() const {
  try {
    throw;
  } catch (const SQLite::Exception& thrown) {
    return sqlite_error(database_path(data_dir_), thrown);
  } catch (const std::exception& thrown) {
    return {errc::unavailable, fmt::format("the database could not be used: {}", thrown.what())};
  }
}

database::prepared database::statement(const char* sql) {
  auto& kept = statements_[sql];
  if (!kept) kept = std::make_unique<SQLite::Statement>(*connection_, sql);
  return prepared(*kept);
}

database::prepared::~prepared() {
  statement_.tryReset();
}

database::without_waiting::without_waiting(const database& owner, SQLite::Database& connection)
    : connection_(connection), before_(owner.chosen_.busy_timeout) {
  connection_.setBusyTimeout(0);
}

database::without_waiting::~without_waiting() {
  try {
    connection_.setBusyTimeout(static_cast<int>(before_.count()));
  } catch (const SQLite::Exception&) {
    // Only a connection that is not open refuses it.
  }
}

database::transaction::transaction(SQLite::Database& connection) : connection_(connection) {
  connection_.exec("BEGIN IMMEDIATE");
}

database::transaction::~transaction() {
  // SQLite may have rolled back by itself already (a full disk): then there is nothing to do.
  if (!committed_) connection_.tryExec("ROLLBACK");
}

void database::transaction::commit() {
  connection_.exec("COMMIT");
  committed_ = true;
}

}  // namespace spillway::store
