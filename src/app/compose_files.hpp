// The compose file of each app, and those it had before.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/app_folders.hpp"
#include "protocol/timestamp.hpp"
#include "store/version_store.hpp"

namespace spillway::app {

/// Each file that was written here is a version. What somebody put on disk by hand becomes one when
/// it is replaced; until then no version is the current one. Context: any thread, one writer at a
/// time; blocks on the disk.
class compose_files {
 public:
  using clock = std::function<protocol::timestamp()>;

  /// `keep` is how many versions of an app there may be.
  compose_files(std::shared_ptr<store::database> db, std::filesystem::path apps_dir,
                std::size_t keep, clock now)
      : folders_(std::move(apps_dir)),
        versions_(std::move(db)),
        keep_(keep),
        now_(std::move(now)) {}

  const app_folders& folders() const { return folders_; }

  /// Replaces the compose file (app_folders::write) and keeps both it and the one before.
  store::result<void> write(const protocol::slug& app, std::string_view compose,
                            const std::string& user);
  /// Newest first.
  store::result<std::vector<store::compose_version>> versions(const protocol::slug& app);
  /// The version that stands on disk, where that is one.
  store::result<std::optional<std::int64_t>> current(const protocol::slug& app);
  /// A version of this app and its text; nothing where it has none of that id.
  store::result<std::optional<std::pair<store::compose_version, std::string>>> find(
      const protocol::slug& app, std::int64_t id) {
    return versions_.find(app.text(), id);
  }
  /// Removes the compose file, and the folder where it is then empty.
  store::result<void> remove(const protocol::slug& app) const { return folders_.remove(app); }
  /// Removes all versions.
  store::result<void> forget(const protocol::slug& app) { return versions_.forget(app.text()); }

 private:
  std::optional<app_folders::found_file> on_disk(const protocol::slug& app) const;

  const app_folders folders_;
  store::version_store versions_;
  const std::size_t keep_;
  const clock now_;
};

}  // namespace spillway::app
