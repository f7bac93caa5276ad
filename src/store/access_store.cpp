#include "store/access_store.hpp"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include "store/credential_names.hpp"
#include "store/database.hpp"
#include "store/times.hpp"
#include "store/user_rows.hpp"

namespace spillway::store {
namespace {

struct holder {
  std::int64_t user_id;
  std::optional<protocol::timestamp> valid_until;
};

std::optional<holder> token_holder(database& db, std::int64_t id) {
  const auto query = db.statement("SELECT user_id, expires_at FROM tokens WHERE id = ?");
  query->bind(1, id);
  if (!query->executeStep()) return std::nullopt;
  return holder{query->getColumn(0).getInt64(), optional_time(query->getColumn(1))};
}

std::optional<holder> login_holder(database& db, const hash_range& hashes) {
  const auto query =
      db.statement("SELECT user_id, expires_at FROM logins WHERE hash BETWEEN ? AND ? LIMIT 1");
  query->bind(1, hashes.first.data(), static_cast<int>(hashes.first.size()));
  query->bind(2, hashes.last.data(), static_cast<int>(hashes.last.size()));
  if (!query->executeStep()) return std::nullopt;
  return holder{query->getColumn(0).getInt64(), optional_time(query->getColumn(1))};
}

std::optional<holder> holder_of(database& db, const std::string& credential) {
  if (const auto id = token_id_of(credential)) return token_holder(db, *id);
  if (const auto hashes = login_hashes_of(credential)) return login_holder(db, *hashes);
  return std::nullopt;
}

}  // namespace

result<std::uint64_t> access_store::version() {
  return db_->run(
      [this](SQLite::Database&) -> result<std::uint64_t> { return access_version_of(*db_); });
}

result<std::optional<protocol::principal>> access_store::find(const std::string& credential,
                                                              protocol::timestamp now) {
  using found = result<std::optional<protocol::principal>>;
  return db_->run([&](SQLite::Database&) -> found {
    const auto version = access_version_of(*db_);
    const auto held_by = holder_of(*db_, credential);
    if (!held_by || (held_by->valid_until && *held_by->valid_until <= now)) return std::nullopt;
    return principal_of(*db_, held_by->user_id, {credential, held_by->valid_until, version});
  });
}

}  // namespace spillway::store
