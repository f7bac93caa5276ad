// Reading users out of rows, shared by the stores whose rows belong to a user. Context: inside
// database::run. What SQLite throws passes through.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>

#include "protocol/access.hpp"
#include "protocol/timestamp.hpp"

namespace SQLite {
class Database;
}

namespace spillway::store {

class database;

/// The id of a user by name.
std::optional<std::int64_t> user_id_of(SQLite::Database& connection, const std::string& name);

std::set<std::string> grants_of(database& db, std::int64_t user_id);

/// How often something that may have ended someone's access was changed, by any process. Read it
/// before what it is to cover.
std::uint64_t access_version_of(database& db);

/// What proved who someone is: its name, its end, and `access_version_of` before it was checked.
struct proof {
  std::string credential;
  std::optional<protocol::timestamp> valid_until;
  std::uint64_t access_version = 0;
};

/// A user as a principal who proved it; nothing where there is no such user.
std::optional<protocol::principal> principal_of(database& db, std::int64_t user_id, proof by);

/// Whose a token or login is, by its name, and until when; nothing where there is none.
struct holder {
  std::int64_t user_id;
  std::optional<protocol::timestamp> valid_until;
};
std::optional<holder> holder_of(database& db, const std::string& credential);

/// A role as the database writes it; the table allows no other text.
protocol::role role_from_column(const std::string& text);

}  // namespace spillway::store
