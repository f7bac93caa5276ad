#include "app/account_service.hpp"

#include "app/store_failure.hpp"
#include "store/database.hpp"
#include "store/passwords.hpp"

namespace spillway::app {
namespace {

net::user_account account_of(const store::user& user) {
  return {user.id, user.name, user.role, protocol::format_rfc3339_milli(user.created_at),
          user.granted_apps};
}

net::result<void> outcome(const store::result<void>& done) {
  if (!done) return answer(done.error());
  return {};
}

}  // namespace

net::result<std::vector<net::user_account>> account_service::list() {
  const auto users = users_.list();
  if (!users) return answer(users.error());
  std::vector<net::user_account> made;
  for (const store::user& user : *users) made.push_back(account_of(user));
  return made;
}

net::result<net::user_account> account_service::find(std::int64_t id) {
  const auto found = users_.find(id);
  if (!found) return answer(found.error());
  if (!*found) return answer(404, "there is no such user");
  return account_of((*found)->who);
}

net::result<net::user_account> account_service::create(const std::string& username,
                                                       const std::string& password,
                                                       protocol::role role) {
  // Before the work of a hash.
  if (const auto checked = store::check_user_name(username); !checked)
    return answer(checked.error());
  const auto hash = store::hash_password(password);
  if (!hash) return answer(hash.error());
  const auto added = users_.add(username, role, *hash, now_());
  if (!added) return answer(added.error());
  return account_of(*added);
}

net::result<void> account_service::remove(std::int64_t id) {
  return outcome(users_.remove(id));
}

net::result<void> account_service::set_role(std::int64_t id, protocol::role role) {
  return outcome(users_.set_role(id, role));
}

net::result<void> account_service::set_password(std::int64_t id, const std::string& password) {
  const auto hash = store::hash_password(password);
  if (!hash) return answer(hash.error());
  return outcome(users_.set_password(id, *hash));
}

net::result<void> account_service::grant(std::int64_t id, const protocol::slug& app) {
  return outcome(users_.grant(id, app));
}

net::result<void> account_service::revoke(std::int64_t id, const protocol::slug& app) {
  return outcome(users_.revoke(id, app));
}

}  // namespace spillway::app
