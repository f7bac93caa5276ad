#include "store/schema.hpp"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/Transaction.h>
#include <fmt/format.h>

#include <array>

namespace spillway::store {
namespace {

// Times are Unix nanoseconds in UTC. Ids of users and tokens are never given twice (AUTOINCREMENT):
// a stream remembers the token that opened it by id.
constexpr std::array migrations = {
    R"sql(
CREATE TABLE users(
  id            INTEGER PRIMARY KEY AUTOINCREMENT,
  name          TEXT NOT NULL UNIQUE COLLATE NOCASE,
  role          TEXT NOT NULL CHECK(role IN ('super_admin', 'manage', 'viewer')),
  password_hash TEXT NOT NULL,
  created_at    INTEGER NOT NULL
) STRICT;

CREATE TABLE grants(
  user_id INTEGER NOT NULL REFERENCES users(id) ON DELETE CASCADE,
  app     TEXT NOT NULL,
  PRIMARY KEY(user_id, app)
) STRICT, WITHOUT ROWID;

CREATE TABLE tokens(
  id           INTEGER PRIMARY KEY AUTOINCREMENT,
  user_id      INTEGER NOT NULL REFERENCES users(id) ON DELETE CASCADE,
  label        TEXT NOT NULL,
  hash         BLOB NOT NULL UNIQUE,
  created_at   INTEGER NOT NULL,
  expires_at   INTEGER,
  last_used_at INTEGER
) STRICT;
CREATE INDEX tokens_by_user ON tokens(user_id);

CREATE TABLE logins(
  hash       BLOB PRIMARY KEY,
  user_id    INTEGER NOT NULL REFERENCES users(id) ON DELETE CASCADE,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX logins_by_user ON logins(user_id);
CREATE INDEX logins_by_expiry ON logins(expires_at);

CREATE TABLE apps(
  slug        TEXT PRIMARY KEY,
  project     TEXT NOT NULL UNIQUE,
  deployed_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE deploys(
  id          TEXT PRIMARY KEY,
  app         TEXT NOT NULL,
  action      TEXT NOT NULL,
  status      TEXT NOT NULL CHECK(status IN ('running', 'success', 'failed', 'cancelled')),
  exit_code   INTEGER NOT NULL,
  user        TEXT NOT NULL,
  started_at  INTEGER NOT NULL,
  finished_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX deploys_by_app ON deploys(app, started_at, id);
CREATE INDEX deploys_running ON deploys(status) WHERE status = 'running';
)sql",
    // Whatever may end someone's access counts `access_version` up, whichever process does it: the
    // server looks there for what it has to check again. Rows that go with their user (ON DELETE
    // CASCADE) fire these triggers, too.
    R"sql(
CREATE TABLE access_version(
  only    INTEGER PRIMARY KEY CHECK(only = 1),
  version INTEGER NOT NULL
) STRICT;
INSERT INTO access_version(only, version) VALUES(1, 1);

CREATE TRIGGER access_of_user_removed AFTER DELETE ON users
  BEGIN UPDATE access_version SET version = version + 1; END;
CREATE TRIGGER access_of_role_changed AFTER UPDATE OF role ON users
  BEGIN UPDATE access_version SET version = version + 1; END;
CREATE TRIGGER access_of_grant_revoked AFTER DELETE ON grants
  BEGIN UPDATE access_version SET version = version + 1; END;
CREATE TRIGGER access_of_token_revoked AFTER DELETE ON tokens
  BEGIN UPDATE access_version SET version = version + 1; END;
CREATE TRIGGER access_of_token_changed AFTER UPDATE OF user_id, expires_at ON tokens
  BEGIN UPDATE access_version SET version = version + 1; END;
CREATE TRIGGER access_of_login_ended AFTER DELETE ON logins
  BEGIN UPDATE access_version SET version = version + 1; END;

CREATE TABLE audit(
  id         INTEGER PRIMARY KEY,
  user       TEXT NOT NULL,
  credential TEXT NOT NULL,
  address    TEXT NOT NULL,
  stream     TEXT NOT NULL,
  app        TEXT,
  detail     TEXT,
  opened_at  INTEGER NOT NULL,
  closed_at  INTEGER,
  close_code INTEGER,
  reason     TEXT,
  lines      INTEGER,
  bytes      INTEGER
) STRICT;
CREATE INDEX audit_open ON audit(id) WHERE reason IS NULL;
)sql",
    // Ids are never given twice: a rollback names one.
    R"sql(
CREATE TABLE compose_versions(
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  app        TEXT NOT NULL,
  compose    BLOB NOT NULL,
  user       TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX compose_versions_by_app ON compose_versions(app, id);
)sql"};

int version_of(SQLite::Database& connection) {
  return connection.execAndGet("PRAGMA user_version").getInt();
}

}  // namespace

int schema_version() {
  return static_cast<int>(migrations.size());
}

result<void> migrate(SQLite::Database& connection) {
  if (version_of(connection) == schema_version()) return {};
  SQLite::Transaction transaction(connection, SQLite::TransactionBehavior::IMMEDIATE);
  // Read again: until the transaction began, another process may have migrated.
  const int found = version_of(connection);
  if (found < 0 || found > schema_version())
    return fail(errc::unavailable,
                fmt::format("the database {} has schema version {}, this program knows versions up "
                            "to {}: run the newer spillway that wrote it",
                            connection.getFilename(), found, schema_version()));
  for (int version = found; version < schema_version(); ++version)
    connection.exec(migrations[static_cast<std::size_t>(version)]);
  connection.exec(fmt::format("PRAGMA user_version = {}", schema_version()));
  transaction.commit();
  return {};
}

}  // namespace spillway::store
