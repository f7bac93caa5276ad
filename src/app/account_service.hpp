// Users as a super_admin manages them, on the store.
#pragma once

#include <functional>
#include <memory>

#include "net/ports.hpp"
#include "store/user_store.hpp"

namespace spillway::app {

/// Context: the worker pool, any number of threads: it blocks on SQLite and on Argon2.
class account_service : public net::accounts {
 public:
  using clock = std::function<protocol::timestamp()>;

  explicit account_service(std::shared_ptr<store::database> db,
                           clock now = std::chrono::system_clock::now)
      : users_(std::move(db)), now_(std::move(now)) {}

  net::result<std::vector<net::user_account>> list() override;
  net::result<net::user_account> find(std::int64_t id) override;
  net::result<net::user_account> create(const std::string& username, const std::string& password,
                                        protocol::role role) override;
  net::result<void> remove(std::int64_t id) override;
  net::result<void> set_role(std::int64_t id, protocol::role role) override;
  net::result<void> set_password(std::int64_t id, const std::string& password) override;
  net::result<void> grant(std::int64_t id, const protocol::slug& app) override;
  net::result<void> revoke(std::int64_t id, const protocol::slug& app) override;

 private:
  store::user_store users_;
  const clock now_;
};

}  // namespace spillway::app
