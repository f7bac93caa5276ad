// Logins: what stands behind the cookie `session`.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "protocol/access.hpp"
#include "protocol/timestamp.hpp"
#include "store/error.hpp"

namespace spillway::store {

class database;

struct new_login {
  protocol::principal who;
  /// The cookie's value: it cannot be had again.
  std::string cookie;
};

/// Context: any thread; blocks as `database` does.
class login_store {
 public:
  explicit login_store(std::shared_ptr<database> db) : db_(std::move(db)) {}

  /// Begins a login and forgets those that have expired; errc::not_found where the user is gone, or
  /// `password_hash`, which was verified, is not the user's any more: a login must not outlive the
  /// password that proved it.
  result<new_login> create(std::int64_t user_id, const std::string& password_hash,
                           std::chrono::milliseconds lifetime, protocol::timestamp now);
  /// Who a cookie stands for, with the credential `login:<16 hex digits of its hash>`; nothing for
  /// one that is unknown or has expired.
  result<std::optional<protocol::principal>> authenticate(std::string_view cookie,
                                                          protocol::timestamp now);
  /// Ends a login; fine where there is none.
  result<void> remove(std::string_view cookie);

 private:
  std::shared_ptr<database> db_;
};

}  // namespace spillway::store
