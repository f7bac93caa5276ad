#include "app/identity_service.hpp"

#include <optional>

#include "app/store_failure.hpp"
#include "store/database.hpp"
#include "store/passwords.hpp"

namespace spillway::app {
namespace {

tl::unexpected<net::failure> unauthorized() {
  return answer(401, "credentials missing or not valid");
}

std::string time_text(const std::optional<protocol::timestamp>& at) {
  return at ? protocol::format_rfc3339_milli(*at) : std::string();
}

}  // namespace

identity_service::identity_service(std::shared_ptr<store::database> db,
                                   std::chrono::milliseconds session_lifetime, clock now)
    : users_(db),
      tokens_(db),
      logins_(db),
      session_lifetime_(session_lifetime),
      now_(std::move(now)) {}

net::result<protocol::principal> identity_service::authenticate(const net::credentials& presented) {
  store::result<std::optional<protocol::principal>> found;
  if (!presented.bearer_token.empty()) {
    found = tokens_.authenticate(presented.bearer_token, now_());
  } else if (!presented.session_cookie.empty()) {
    found = logins_.authenticate(presented.session_cookie, now_());
  }
  if (!found) return answer(found.error());
  if (!*found) return unauthorized();
  return std::move(**found);
}

net::result<bool> identity_service::needs_setup() {
  const auto empty = users_.empty();
  if (!empty) return answer(empty.error());
  return *empty;
}

net::result<protocol::principal> identity_service::setup(const std::string& username,
                                                         const std::string& password) {
  if (const auto checked = store::check_user_name(username); !checked)
    return answer(checked.error());
  // Once set up, this route costs no hash: anyone may call it.
  const auto empty = users_.empty();
  if (!empty) return answer(empty.error());
  if (!*empty) return answer(409, "the first user was created already: log in");
  const auto hash = store::hash_password(password);
  if (!hash) return answer(hash.error());
  const auto added = users_.add_first(username, *hash, now_());
  if (!added) return answer(added.error());
  return protocol::principal{added->name, added->role, {}, {}};
}

net::result<net::login> identity_service::log_in(const std::string& username,
                                                 const std::string& password) {
  const auto found = users_.find(username);
  if (!found) return answer(found.error());
  if (!*found) {
    store::verify_nothing(password);
    return unauthorized();
  }
  const store::account& account = **found;
  if (!store::verify_password(account.password_hash, password)) return unauthorized();
  auto begun = logins_.create(account.who.id, account.password_hash, session_lifetime_, now_());
  if (!begun && begun.error().code == store::errc::not_found) return unauthorized();
  if (!begun) return answer(begun.error());
  return net::login{std::move(begun->who), std::move(begun->cookie)};
}

net::result<void> identity_service::log_out(const net::credentials& presented) {
  if (presented.session_cookie.empty()) return {};
  if (const auto removed = logins_.remove(presented.session_cookie); !removed)
    return answer(removed.error());
  return {};
}

net::result<std::vector<net::api_key>> identity_service::api_keys(
    const protocol::principal& owner) {
  const auto tokens = tokens_.list(owner.user);
  if (!tokens) return answer(tokens.error());
  std::vector<net::api_key> keys;
  for (const store::token& token : *tokens)
    keys.push_back({token.id, token.label, time_text(token.created_at), time_text(token.expires_at),
                    time_text(token.last_used_at)});
  return keys;
}

net::result<std::pair<std::int64_t, std::string>> identity_service::create_api_key(
    const protocol::principal& owner, const std::string& name,
    std::optional<std::chrono::nanoseconds> lifetime) {
  const auto now = now_();
  std::optional<protocol::timestamp> expires_at;
  if (lifetime) expires_at = now + *lifetime;
  auto made = tokens_.create_as(owner, name, expires_at, now);
  if (!made && made.error().code == store::errc::not_found) return unauthorized();
  if (!made) return answer(made.error());
  return std::pair(made->id, std::move(made->text));
}

net::result<void> identity_service::revoke_api_key(const protocol::principal& owner,
                                                   std::int64_t id) {
  if (const auto revoked = tokens_.revoke(id, owner.user); !revoked) {
    if (revoked.error().code == store::errc::not_found)
      return answer(404, "there is no such API key");
    return answer(revoked.error());
  }
  return {};
}

net::result<std::optional<net::login>> identity_service::change_password(
    const protocol::principal& who, const std::string& current, const std::string& next) {
  const auto found = users_.find(who.user);
  if (!found) return answer(found.error());
  if (!*found) return unauthorized();
  const store::account& account = **found;
  if (!store::verify_password(account.password_hash, current))
    return answer(403, "the current password is wrong");
  const auto hash = store::hash_password(next);
  if (!hash) return answer(hash.error());
  const auto changed = users_.set_password(account.who.id, *hash, account.password_hash);
  if (!changed) return answer(changed.error());
  // Their own login has ended with the others: they are not to be thrown out for it.
  if (!who.credential.starts_with("login:")) return std::nullopt;
  auto begun = logins_.create(account.who.id, *hash, session_lifetime_, now_());
  // The password is the new one all the same: that is what the answer is about.
  if (!begun) return std::nullopt;
  return net::login{std::move(begun->who), std::move(begun->cookie)};
}

}  // namespace spillway::app
