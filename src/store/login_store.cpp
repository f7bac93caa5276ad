#include "store/login_store.hpp"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>
#include <fmt/format.h>

#include "store/database.hpp"
#include "store/secrets.hpp"
#include "store/times.hpp"
#include "store/user_rows.hpp"

namespace spillway::store {
namespace {

/// Names a login in listings and for its end. The cookie cannot be told from it.
std::string login_credential(std::string_view hash) {
  std::string credential = "login:";
  for (const char byte : hash.substr(0, 8))
    credential += fmt::format("{:02x}", static_cast<unsigned char>(byte));
  return credential;
}

}  // namespace

result<new_login> login_store::create(std::int64_t user_id, std::chrono::milliseconds lifetime,
                                      protocol::timestamp now) {
  return db_->transact([&](SQLite::Database& connection) -> result<new_login> {
    const std::string cookie = new_session_cookie();
    const std::string hash = secret_hash(cookie);
    auto who = principal_of(*db_, user_id, login_credential(hash));
    if (!who) return fail(errc::not_found, "the user was removed");

    SQLite::Statement expired(connection, "DELETE FROM logins WHERE expires_at <= ?");
    expired.bind(1, to_column(now));
    expired.exec();
    SQLite::Statement insert(connection,
                             "INSERT INTO logins(hash, user_id, expires_at) VALUES(?, ?, ?)");
    insert.bind(1, hash.data(), static_cast<int>(hash.size()));
    insert.bind(2, user_id);
    insert.bind(3, to_column(now + lifetime));
    insert.exec();
    return new_login{std::move(*who), cookie};
  });
}

result<std::optional<protocol::principal>> login_store::authenticate(std::string_view cookie,
                                                                     protocol::timestamp now) {
  using found = result<std::optional<protocol::principal>>;
  const std::string hash = secret_hash(cookie);
  return db_->run([&](SQLite::Database&) -> found {
    const auto query =
        db_->statement("SELECT user_id FROM logins WHERE hash = ? AND expires_at > ?");
    query->bind(1, hash.data(), static_cast<int>(hash.size()));
    query->bind(2, to_column(now));
    if (!query->executeStep()) return std::nullopt;
    return principal_of(*db_, query->getColumn(0).getInt64(), login_credential(hash));
  });
}

result<void> login_store::remove(std::string_view cookie) {
  const std::string hash = secret_hash(cookie);
  return db_->transact([&](SQLite::Database& connection) -> result<void> {
    SQLite::Statement erase(connection, "DELETE FROM logins WHERE hash = ?");
    erase.bind(1, hash.data(), static_cast<int>(hash.size()));
    erase.exec();
    return {};
  });
}

}  // namespace spillway::store
