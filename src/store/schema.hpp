// The tables, and the steps that bring an older database up to them.
#pragma once

#include "store/error.hpp"

namespace SQLite {
class Database;
}

namespace spillway::store {

/// `PRAGMA user_version` of a database that this program reads and writes.
int schema_version();

/// Brings a database up to schema_version(), whole or not at all, also where two processes open a
/// new one at once. Fails with a sentence for one that a newer program made. Throws
/// SQLite::Exception.
result<void> migrate(SQLite::Database& connection);

}  // namespace spillway::store
