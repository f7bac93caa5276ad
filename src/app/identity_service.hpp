// Users, logins and tokens for the HTTP side, on the store.
#pragma once

#include <chrono>
#include <functional>
#include <memory>

#include "net/ports.hpp"
#include "store/login_store.hpp"
#include "store/token_store.hpp"
#include "store/user_store.hpp"

namespace spillway::app {

/// Context: the worker pool, any number of threads: it blocks on SQLite and on Argon2.
class identity_service : public net::identity {
 public:
  using clock = std::function<protocol::timestamp()>;

  identity_service(std::shared_ptr<store::database> db, std::chrono::milliseconds session_lifetime,
                   clock now = std::chrono::system_clock::now);

  /// A bearer token counts before a cookie.
  net::result<protocol::principal> authenticate(const net::credentials& presented) override;
  net::result<bool> needs_setup() override;
  net::result<protocol::principal> setup(const std::string& username,
                                         const std::string& password) override;
  net::result<net::login> log_in(const std::string& username, const std::string& password) override;
  /// Ends the login of the cookie; fine where there is none. A token lives until it is revoked.
  net::result<void> log_out(const net::credentials& presented) override;
  net::result<std::vector<net::api_key>> api_keys(const protocol::principal& owner) override;
  net::result<std::pair<std::int64_t, std::string>> create_api_key(
      const protocol::principal& owner, const std::string& name,
      std::optional<std::chrono::nanoseconds> lifetime) override;
  net::result<void> revoke_api_key(const protocol::principal& owner, std::int64_t id) override;
  net::result<std::optional<net::login>> change_password(const protocol::principal& who,
                                                         const std::string& current,
                                                         const std::string& next) override;

 private:
  store::user_store users_;
  store::token_store tokens_;
  store::login_store logins_;
  const std::chrono::milliseconds session_lifetime_;
  const clock now_;
};

}  // namespace spillway::app
