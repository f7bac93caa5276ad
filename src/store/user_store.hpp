// Users and the apps they were granted.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "protocol/access.hpp"
#include "protocol/names.hpp"
#include "protocol/timestamp.hpp"
#include "store/error.hpp"

namespace spillway::store {

class database;

struct user {
  std::int64_t id = 0;
  std::string name;
  protocol::role role = protocol::role::viewer;
  protocol::timestamp created_at;
  std::set<std::string> granted_apps;
};

/// A user with what proves them.
struct account {
  user who;
  std::string password_hash;
};

/// A user by id or by name.
using user_key = std::variant<std::int64_t, std::string>;

/// Nothing, or why the text cannot be a user's name: 1 to 64 of `[A-Za-z0-9._@-]`.
result<void> check_user_name(std::string_view name);

/// Context: any thread; blocks as `database` does. Names are compared without regard to case.
class user_store {
 public:
  explicit user_store(std::shared_ptr<database> db) : db_(std::move(db)) {}

  /// errc::exists where the name is taken.
  result<user> add(const std::string& name, protocol::role role, const std::string& password_hash,
                   protocol::timestamp now);
  /// Adds the first user, a super_admin; errc::refused once there is one, however many try at once.
  result<user> add_first(const std::string& name, const std::string& password_hash,
                         protocol::timestamp now);
  result<bool> empty();
  result<std::optional<account>> find(const user_key& who);
  /// Sorted by name.
  result<std::vector<user>> list();

  // What follows is errc::not_found where there is no such user.

  /// Removes a user with grants, tokens and logins; errc::refused for the last super_admin.
  result<void> remove(const user_key& who);
  /// errc::refused where that would lower the last super_admin.
  result<void> set_role(const user_key& who, protocol::role role);
  /// Ends all logins of the user as well. With `instead_of` only where that is still the hash that
  /// counts, else errc::refused.
  result<void> set_password(const user_key& who, const std::string& password_hash,
                            const std::optional<std::string>& instead_of = std::nullopt);

  /// Granting twice is fine.
  result<void> grant(const user_key& who, const protocol::slug& app);
  /// errc::not_found also where there is no such grant.
  result<void> revoke(const user_key& who, const protocol::slug& app);

 private:
  std::shared_ptr<database> db_;
};

}  // namespace spillway::store
