// The folders of `apps_dir`: `<slug>/docker-compose.yml`.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/names.hpp"
#include "protocol/timestamp.hpp"
#include "store/error.hpp"

namespace spillway::app {

/// Context: any thread, one writer at a time; blocks on the disk. An app's folder is a directory of
/// its own and its compose file a regular file: neither may be a symbolic link, for that could lead
/// out of `apps_dir`. What is not so is no app, and is neither read nor written.
class app_folders {
 public:
  explicit app_folders(std::filesystem::path apps_dir) : apps_dir_(std::move(apps_dir)) {}

  std::filesystem::path compose_file(const protocol::slug& app) const;
  /// Sorted. A missing `apps_dir` holds no apps.
  store::result<std::vector<protocol::slug>> list() const;
  bool holds(const protocol::slug& app) const;
  struct found_file {
    std::string text;
    protocol::timestamp written_at;
  };
  /// The compose file; nothing where there is none, or where it is larger than one may be.
  store::result<std::optional<found_file>> read(const protocol::slug& app) const;
  /// Replaces the compose file as a whole: a reader, or a crash, meets the old one or the new one.
  /// Makes `apps_dir` and the folder where they are missing.
  store::result<void> write(const protocol::slug& app, std::string_view compose) const;
  /// Removes the compose file, and the folder where it is then empty. Fine where there is none.
  store::result<void> remove(const protocol::slug& app) const;

 private:
  std::filesystem::path apps_dir_;
};

}  // namespace spillway::app
