#include "store/token_store.hpp"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>
#include <fmt/format.h>

#include <algorithm>

#include "protocol/utf8.hpp"
#include "store/credential_names.hpp"
#include "store/database.hpp"
#include "store/secrets.hpp"
#include "store/times.hpp"
#include "store/user_rows.hpp"

namespace spillway::store {
namespace {

/// A token that is used a thousand times a second is written once a minute.
constexpr auto use_resolution = std::chrono::minutes(1);

void record_use(const database& db, SQLite::Database& connection, std::int64_t id,
                protocol::timestamp now) {
  SQLite::Statement update(connection, "UPDATE tokens SET last_used_at = ? WHERE id = ?");
  update.bind(1, to_column(now));
  update.bind(2, id);
  // A full disk or a locked database shuts nobody out for the sake of this column, nor makes
  // everybody wait: the next request tries again.
  const database::without_waiting at_once(db, connection);
  update.tryExecuteStep();
}

struct token_row {
  std::int64_t id;
  std::int64_t user_id;
  std::optional<protocol::timestamp> expires_at;
  std::optional<protocol::timestamp> last_used_at;
};

std::optional<token_row> find_token(database& db, const std::string& hash) {
  const auto [first, last] = hashes_like(hash);
  const auto query = db.statement(
      "SELECT id, user_id, expires_at, last_used_at, hash FROM tokens WHERE hash BETWEEN ? AND ?");
  query->bind(1, first.data(), static_cast<int>(first.size()));
  query->bind(2, last.data(), static_cast<int>(last.size()));
  while (query->executeStep()) {
    if (!same_hash(query->getColumn(4).getString(), hash)) continue;
    return token_row{query->getColumn(0).getInt64(), query->getColumn(1).getInt64(),
                     optional_time(query->getColumn(2)), optional_time(query->getColumn(3))};
  }
  return std::nullopt;
}

int count_tokens(SQLite::Database& connection, std::int64_t user_id) {
  SQLite::Statement query(connection, "SELECT count(*) FROM tokens WHERE user_id = ?");
  query.bind(1, user_id);
  query.executeStep();
  return query.getColumn(0).getInt();
}

result<new_token_text> insert_token(SQLite::Database& connection, std::int64_t user_id,
                                    const std::string& label,
                                    std::optional<protocol::timestamp> expires_at,
                                    protocol::timestamp now) {
  if (count_tokens(connection, user_id) >= max_tokens_per_user)
    return fail(errc::refused,
                fmt::format("a user can have {} tokens: revoke one first", max_tokens_per_user));
  new_token_text made{0, new_token()};
  const std::string hash = secret_hash(made.text);
  SQLite::Statement insert(connection,
                           "INSERT INTO tokens(user_id, label, hash, created_at, expires_at) "
                           "VALUES(?, ?, ?, ?, ?)");
  insert.bind(1, user_id);
  insert.bind(2, label);
  insert.bind(3, hash.data(), static_cast<int>(hash.size()));
  insert.bind(4, to_column(now));
  if (expires_at) insert.bind(5, to_column(*expires_at));
  insert.exec();
  made.id = connection.getLastInsertRowid();
  return made;
}

}  // namespace

result<void> check_token_label(std::string_view label) {
  const auto control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
  if (!label.empty() && label.size() <= 100 && protocol::is_valid_utf8(label) &&
      std::none_of(label.begin(), label.end(), control))
    return {};
  return fail(errc::invalid,
              "a token's name has 1 to 100 bytes of UTF-8 text without control characters");
}

result<new_token_text> token_store::create(const std::string& user, const std::string& label,
                                           std::optional<protocol::timestamp> expires_at,
                                           protocol::timestamp now) {
  if (const auto checked = check_token_label(label); !checked)
    return tl::unexpected(checked.error());
  return db_->transact([&](SQLite::Database& connection) -> result<new_token_text> {
    const auto user_id = user_id_of(connection, user);
    if (!user_id) return fail(errc::not_found, fmt::format("there is no user {}", user));
    return insert_token(connection, *user_id, label, expires_at, now);
  });
}

result<new_token_text> token_store::create_as(const protocol::principal& owner,
                                              const std::string& label,
                                              std::optional<protocol::timestamp> expires_at,
                                              protocol::timestamp now) {
  if (const auto checked = check_token_label(label); !checked)
    return tl::unexpected(checked.error());
  return db_->transact([&](SQLite::Database& connection) -> result<new_token_text> {
    const auto holder = holder_of(*db_, owner.credential);
    if (!holder || (holder->valid_until && *holder->valid_until <= now))
      return fail(errc::not_found, "what you came with has ended: log in again");
    if (token_id_of(owner.credential) && holder->valid_until)
      expires_at = std::min(expires_at.value_or(*holder->valid_until), *holder->valid_until);
    return insert_token(connection, holder->user_id, label, expires_at, now);
  });
}

result<std::optional<protocol::principal>> token_store::authenticate(std::string_view text,
                                                                     protocol::timestamp now) {
  // Nothing else was ever given out: no need to ask the database.
  if (!is_token(text)) return std::nullopt;
  const std::string hash = secret_hash(text);
  using found = result<std::optional<protocol::principal>>;
  return db_->run([&](SQLite::Database& connection) -> found {
    const auto version = access_version_of(*db_);
    const auto row = find_token(*db_, hash);
    if (!row || (row->expires_at && *row->expires_at <= now)) return std::nullopt;
    // Also where the clock was set back.
    const auto& used = row->last_used_at;
    if (!used || now < *used || now - *used >= use_resolution)
      record_use(*db_, connection, row->id, now);
    return principal_of(*db_, row->user_id, {token_credential(row->id), row->expires_at, version});
  });
}

result<std::vector<token>> token_store::list(const std::optional<std::string>& user) {
  return db_->run([&](SQLite::Database& connection) -> result<std::vector<token>> {
    SQLite::Statement query(
        connection,
        "SELECT t.id, u.name, t.label, t.created_at, t.expires_at, t.last_used_at FROM tokens t "
        "JOIN users u ON u.id = t.user_id WHERE ?1 IS NULL OR u.name = ?1 ORDER BY t.id");
    if (user) query.bind(1, *user);
    std::vector<token> tokens;
    while (query.executeStep())
      tokens.push_back({query.getColumn(0).getInt64(), query.getColumn(1).getString(),
                        query.getColumn(2).getString(), from_column(query.getColumn(3).getInt64()),
                        optional_time(query.getColumn(4)), optional_time(query.getColumn(5))});
    return tokens;
  });
}

result<void> token_store::revoke(std::int64_t id, const std::optional<std::string>& owner) {
  return db_->transact([&](SQLite::Database& connection) -> result<void> {
    SQLite::Statement erase(connection,
                            "DELETE FROM tokens WHERE id = ?1 AND "
                            "(?2 IS NULL OR user_id = (SELECT id FROM users WHERE name = ?2))");
    erase.bind(1, id);
    if (owner) erase.bind(2, *owner);
    if (erase.exec() == 0) return fail(errc::not_found, fmt::format("there is no token {}", id));
    return {};
  });
}

}  // namespace spillway::store
