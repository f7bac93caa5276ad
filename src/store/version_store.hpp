// The compose files that apps have had.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/timestamp.hpp"
#include "store/error.hpp"

namespace spillway::store {

class database;

struct compose_version {
  std::int64_t id = 0;
  std::uint64_t bytes = 0;
  /// Who deployed it; empty for one that was found on disk.
  std::string user;
  protocol::timestamp created_at;
};

/// Context: any thread; blocks as `database` does.
class version_store {
 public:
  explicit version_store(std::shared_ptr<database> db) : db_(std::move(db)) {}

  /// Adds the newest version of an app. Returns its id; nothing where the newest one is the same
  /// text: then there is nothing to add.
  result<std::optional<std::int64_t>> add(const std::string& app, std::string_view compose,
                                          const std::string& user, protocol::timestamp now);
  /// The id of the newest version where that is this text.
  result<std::optional<std::int64_t>> newest_if(const std::string& app, std::string_view compose);
  /// Forgets those past the newest `keep`.
  result<void> forget_oldest(const std::string& app, std::size_t keep);
  /// Takes back an add. Fine where there is none of that id.
  result<void> remove(std::int64_t id);
  /// Newest first.
  result<std::vector<compose_version>> list(const std::string& app);
  /// A version of this app and its text; nothing where it has none of that id.
  result<std::optional<std::pair<compose_version, std::string>>> find(const std::string& app,
                                                                      std::int64_t id);
  /// Removes every version of an app.
  result<void> forget(const std::string& app);

 private:
  std::shared_ptr<database> db_;
};

}  // namespace spillway::store
