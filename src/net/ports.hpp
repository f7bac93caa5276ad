// Ports: what the HTTP side needs from the rest. Implemented by app/ on top of store/.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "actors/ports/deploy_journal.hpp"
#include "actors/ports/stream_audit.hpp"
#include "protocol/access.hpp"
#include "protocol/names.hpp"

namespace spillway::net {

/// A failure that a REST route answers with: an HTTP status and a sentence that says what to do.
struct failure {
  unsigned status = 500;
  std::string message;
  /// Of a 429 or 503: when it is worth trying again, where that is known.
  std::optional<std::chrono::seconds> retry_after = std::nullopt;
};

template <class T>
using result = tl::expected<T, failure>;

/// What a request carries to prove who sent it; both may be empty.
struct credentials {
  /// The value of the cookie `session`.
  std::string session_cookie;
  /// What follows `Authorization: Bearer `.
  std::string bearer_token;
};

struct login {
  protocol::principal who;
  /// The value for the cookie `session`: shown once, only its hash is kept.
  std::string session_cookie;
};

struct api_key {
  std::int64_t id = 0;
  std::string name;
  std::string created_at;
  std::string expires_at;
  std::string last_used_at;
};

/// Users, logins and tokens. Blocking: call it on the worker pool only, from any number of threads.
class identity {
 public:
  virtual ~identity() = default;
  /// 401 where there are none or bad ones.
  virtual result<protocol::principal> authenticate(const credentials& presented) = 0;
  virtual result<bool> needs_setup() = 0;
  /// Creates the first user, a super_admin. 409 once there is one.
  virtual result<protocol::principal> setup(const std::string& username,
                                            const std::string& password) = 0;
  /// 401 for a wrong name or password, after the same work for both.
  virtual result<login> log_in(const std::string& username, const std::string& password) = 0;
  virtual result<void> log_out(const credentials& presented) = 0;
  virtual result<std::vector<api_key>> api_keys(const protocol::principal& owner) = 0;
  /// The id and the whole `sd_…` token, which is shown once. It ends by itself after `lifetime`,
  /// where there is one.
  virtual result<std::pair<std::int64_t, std::string>> create_api_key(
      const protocol::principal& owner, const std::string& name,
      std::optional<std::chrono::nanoseconds> lifetime) = 0;
  virtual result<void> revoke_api_key(const protocol::principal& owner, std::int64_t id) = 0;
  /// Ends all logins of the user. Who came with one of them gets another in its place. 403 where
  /// `current` is wrong.
  virtual result<std::optional<login>> change_password(const protocol::principal& who,
                                                       const std::string& current,
                                                       const std::string& next) = 0;
};

/// A user as those who manage users see them.
struct user_account {
  std::int64_t id = 0;
  std::string username;
  protocol::role granted_role = protocol::role::viewer;
  std::string created_at;
  std::set<std::string> apps;
};

/// Users as a super_admin manages them; 404 for one that does not exist. Blocking: worker pool
/// only.
class accounts {
 public:
  virtual ~accounts() = default;
  /// Sorted by name.
  virtual result<std::vector<user_account>> list() = 0;
  virtual result<user_account> find(std::int64_t id) = 0;
  /// 400 for a name or password that cannot be one, 409 for a name that is taken.
  virtual result<user_account> create(const std::string& username, const std::string& password,
                                      protocol::role role) = 0;
  /// 409 for the last super_admin, as for set_role.
  virtual result<void> remove(std::int64_t id) = 0;
  virtual result<void> set_role(std::int64_t id, protocol::role role) = 0;
  /// Ends all logins of the user.
  virtual result<void> set_password(std::int64_t id, const std::string& password) = 0;
  virtual result<void> grant(std::int64_t id, const protocol::slug& app) = 0;
  /// 404 also where it was not granted.
  virtual result<void> revoke(std::int64_t id, const protocol::slug& app) = 0;
};

/// Who watched what. Blocking: worker pool only.
class audit_trail {
 public:
  virtual ~audit_trail() = default;
  /// The newest first.
  virtual result<std::vector<actors::audit_entry>> list(const actors::audit_query& query) = 0;
};

/// A compose file that an app has or had.
struct compose_version {
  std::int64_t id = 0;
  std::string created_at;
  /// Who deployed it; empty for one that was found on disk.
  std::string user;
  std::uint64_t bytes = 0;
  /// The one on disk.
  bool current = false;
};

/// The apps: folders of `apps_dir` and what was deployed here. Blocking: worker pool only.
class app_catalog {
 public:
  virtual ~app_catalog() = default;
  /// Sorted by slug. Apps that share a compose project are neither listed nor do they exist.
  virtual result<std::vector<protocol::slug>> list() = 0;
  virtual result<bool> exists(const protocol::slug& app) = 0;
  virtual std::string project(const protocol::slug& app) const = 0;
  virtual std::filesystem::path compose_file(const protocol::slug& app) const = 0;
  /// Checks a compose file (YAML, a `services` map with at least one service), then replaces the
  /// app's atomically, in the name of `user`; the one before stays among its versions. 400 with
  /// what is wrong; 409 where the app exists and `replace` is false, or where another app already
  /// has its compose project.
  virtual result<void> put(const protocol::slug& app, std::string_view compose, bool replace,
                           const std::string& user) = 0;
  /// The newest first, at most `deploy.versions`.
  virtual result<std::vector<compose_version>> versions(const protocol::slug& app) = 0;
  /// A version and its text; 404 where this app has none of that id.
  virtual result<std::pair<compose_version, std::string>> version(const protocol::slug& app,
                                                                  std::int64_t id) = 0;
  /// Makes a version of this app its newest one; 404 where there is none of that id.
  virtual result<void> roll_back(const protocol::slug& app, std::int64_t id,
                                 const std::string& user) = 0;
  /// Forgets the app: its compose file and its folder, where that is then empty, the versions of
  /// it, its grants, its recorded deploys and their transcripts.
  virtual result<void> remove(const protocol::slug& app) = 0;
  /// Recorded deploys, newest first, at most `deploy.history`.
  virtual result<std::vector<actors::deploy_record>> deploys(const protocol::slug& app) = 0;
  /// A recorded deploy's frames as NDJSON; 404 where this app has none of that id.
  virtual result<std::string> transcript(const protocol::slug& app, const std::string& id) = 0;
};

}  // namespace spillway::net
