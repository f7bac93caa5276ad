#include "store/access_store.hpp"

#include "store/database.hpp"
#include "store/user_rows.hpp"

namespace spillway::store {

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
