// Reading users out of rows, shared by the stores whose rows belong to a user. Context: inside
// database::run. What SQLite throws passes through.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>

#include "protocol/access.hpp"

namespace SQLite {
class Database;
}

namespace spillway::store {

class database;

/// The id of a user by name.
std::optional<std::int64_t> user_id_of(SQLite::Database& connection, const std::string& name);

std::set<std::string> grants_of(database& db, std::int64_t user_id);

/// A user as a principal who proved it with `credential`; nothing where there is no such user.
std::optional<protocol::principal> principal_of(database& db, std::int64_t user_id,
                                                std::string credential);

/// A role as the database writes it; the table allows no other text.
protocol::role role_from_column(const std::string& text);

}  // namespace spillway::store
