#include "sim/viewers/registrar.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <caf/send.hpp>
#include <utility>

#include "sim/viewers/rest_verdict.hpp"

namespace spillway::sim {

namespace {

/// As many logins as a server lets pass a minute, less a few for others (auth.login_attempts).
constexpr std::size_t most_users = 6;
/// A server keeps a hundred of a user; each is revoked in the end, so that there is room.
constexpr std::size_t most_keys_at_once = 90;

std::string id_in(const nlohmann::json& made) {
  const auto id = made.is_object() && made.contains("id") ? made["id"] : nlohmann::json();
  return id.is_string() ? id.get<std::string>() : id.dump();
}

}  // namespace

registrar::registrar(caf::actor_config& cfg, strand_type strand, const viewing* run)
    : on_strand(cfg, strand),
      run_(*run),
      random_(seed_of(run->plan.seed, "registrar")),
      rest_(std::make_shared<rest_client>(strand, run->server)) {}

registrar::behavior_type registrar::make_behavior() {
  return {
      [this](const access_wanted& m) { on_wanted(m); },
      [this](tidy_up) { tidy(); },
      [this](const take_access& m) { take(m.grant); },
  };
}

void registrar::on_exit() {
  rest_->stop();
  given_.clear();
}

rest_call registrar::as_admin(std::string method, std::string path, nlohmann::json body) const {
  return {std::move(method), std::move(path), std::move(body), run_.plan.token, {}};
}

/// Calls go out in their order, so that what one needs of another is there by then.
void registrar::on_wanted(const access_wanted& m) {
  if (closing_) return;
  const auto user = next_user_++ % most_users;
  if (user >= users_.size()) {
    // Good for this run alone; the user is removed with it.
    made_user fresh;
    fresh.name = fmt::format("sim-{}-{}", ::getpid(), user);
    fresh.password = fmt::format("{:016x}", random_.bits());
    users_.push_back(std::move(fresh));
    make_user(user);
    log_in(user);
  } else if (users_[user].broken) {
    // It may have been one login too many in a minute.
    if (users_[user].id.empty()) make_user(user);
    log_in(user);
  }
  if (users_[user].keys >= most_keys_at_once) {
    return caf::anon_send(m.viewer, access_refused{"the users made for it hold all their tokens"});
  }
  ++users_[user].keys;
  ++users_[user].being_granted[m.app];
  grant(user, m.app);
  make_key(m, user);
}

void registrar::make_user(std::size_t user) {
  const auto& made = users_[user];
  rest_->call(as_admin("POST", "/api/users",
                       {{"username", made.name}, {"password", made.password}, {"role", "viewer"}}),
              [this, user](const rest_answer& answer) {
                if (answer.good()) {
                  users_[user].id = id_in(answer.json());
                } else {
                  count_refusal(run_.board, "no user was made", answer);
                }
              });
}

void registrar::log_in(std::size_t user) {
  auto& who = users_[user];
  who.broken = false;
  rest_->call(
      {"POST", "/api/auth/login", {{"username", who.name}, {"password", who.password}}, {}, {}},
      [this, user](const rest_answer& answer) {
        users_[user].cookie = answer.cookie;
        users_[user].broken = !answer.good();
        if (!answer.good()) count_refusal(run_.board, "no login of a user that was made", answer);
      });
}

/// Again each time: a grant may have been taken back, and one that is there does no harm.
void registrar::grant(std::size_t user, const std::string& app) {
  // The path needs the id, which is known once the calls before have been answered.
  rest_->call(as_admin("GET", "/api/health"), [this, user, app](const rest_answer&) {
    if (closing_ || users_[user].broken) return;
    rest_->call(as_admin("POST", "/api/users/" + users_[user].id + "/access", {{"app_slug", app}}),
                [this](const rest_answer& answer) {
                  if (!answer.good()) count_refusal(run_.board, "no grant", answer);
                });
  });
}

void registrar::make_key(const access_wanted& m, std::size_t user) {
  rest_->call(as_admin("GET", "/api/health"), [this, m, user](const rest_answer&) {
    if (closing_) return;
    if (users_[user].broken) {
      --users_[user].being_granted[m.app];
      --users_[user].keys;
      return caf::anon_send(m.viewer, access_refused{"no user could be made for it"});
    }
    rest_call make{"POST", "/api/apikeys", {{"name", "simulated viewer"}}, {}, users_[user].cookie};
    rest_->call(std::move(make), [this, m, user](const rest_answer& answer) {
      --users_[user].being_granted[m.app];
      const auto made = answer.json();
      if (!answer.good() || !made.contains("key")) {
        --users_[user].keys;
        return refuse(m, "no token", answer);
      }
      const auto which = next_grant_++;
      given_[which] = {m.viewer, user, m.app, id_in(made)};
      caf::anon_send(m.viewer, access_given{made["key"].get<std::string>()});
      const auto stay = std::chrono::duration_cast<std::chrono::milliseconds>(
          run_.plan.revoke_after * (0.3 + 1.4 * random_.fraction()));
      delayed_send(registrar_actor(this), stay, take_access{which});
    });
  });
}

void registrar::refuse(const access_wanted& m, const std::string& what, const rest_answer& answer) {
  count_refusal(run_.board, what, answer);
  caf::anon_send(m.viewer, access_refused{what + ": " + answer.summary()});
}

void registrar::take(std::uint64_t which) {
  const auto found = given_.find(which);
  if (closing_ || found == given_.end()) return;
  const auto& [viewer, user, app, key] = found->second;
  // Not from under who is just being given it.
  const bool settled = users_[user].being_granted[app] == 0;
  if (random_.chance(0.3) && settled) return take_grant(user, std::string(app));
  take_key(which);
}

void registrar::take_key(std::uint64_t which) {
  auto lost = given_.extract(which).mapped();
  caf::anon_send(lost.viewer, access_ending{});
  rest_call revoke{"DELETE", "/api/apikeys/" + lost.key_id, {}, {}, users_[lost.user].cookie};
  rest_->call(std::move(revoke), [this, lost](const rest_answer& answer) {
    --users_[lost.user].keys;
    ended({lost}, "tokens revoked", answer);
  });
}

void registrar::take_grant(std::size_t user, const std::string& app) {
  std::vector<given_access> losers;
  for (auto each = given_.begin(); each != given_.end();) {
    if (each->second.user == user && each->second.app == app) {
      caf::anon_send(each->second.viewer, access_ending{});
      losers.push_back(std::move(each->second));
      each = given_.erase(each);
    } else {
      ++each;
    }
  }
  rest_->call(
      as_admin("DELETE", "/api/users/" + users_[user].id + "/access/" + app),
      [this, losers](const rest_answer& answer) { ended(losers, "grants revoked", answer); });
  // Their tokens are of no more use, and would fill the user's hundred.
  for (const auto& each : losers) {
    rest_call revoke{"DELETE", "/api/apikeys/" + each.key_id, {}, {}, users_[user].cookie};
    rest_->call(std::move(revoke), [this, user](const rest_answer&) { --users_[user].keys; });
  }
}

void registrar::ended(const std::vector<given_access>& holders, const std::string& how,
                      const rest_answer& answer) {
  if (!answer.good()) return count_refusal(run_.board, "a revocation failed", answer);
  run_.board.did(how);
  const auto now = std::chrono::steady_clock::now();
  for (const auto& each : holders) caf::anon_send(each.viewer, access_ended{now});
}

/// In their order, and the last answer ends it.
void registrar::tidy() {
  if (std::exchange(closing_, true)) return;
  for (const auto& user : users_) {
    if (!user.id.empty()) rest_->call(as_admin("DELETE", "/api/users/" + user.id), [](auto&) {});
  }
  rest_->call(as_admin("GET", "/api/health"), [me = registrar_actor(this)](const rest_answer&) {
    caf::anon_send_exit(me, caf::exit_reason::user_shutdown);
  });
  given_.clear();
}

}  // namespace spillway::sim
