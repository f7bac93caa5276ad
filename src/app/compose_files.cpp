#include "app/compose_files.hpp"

#include <spdlog/spdlog.h>

namespace spillway::app {

/// What stands on disk; nothing where it is no compose file, or cannot be read: that must not keep
/// anybody from replacing it.
std::optional<app_folders::found_file> compose_files::on_disk(const protocol::slug& app) const {
  auto found = folders_.read(app);
  if (found) return std::move(*found);
  spdlog::warn("[apps] the compose file of {} is not among its versions: {}", app.text(),
               found.error().message);
  return std::nullopt;
}

store::result<void> compose_files::write(const protocol::slug& app, std::string_view compose,
                                         const std::string& user) {
  if (const auto before = on_disk(app)) {
    const auto known = versions_.newest_if(app.text(), before->text);
    if (!known) return tl::unexpected(known.error());
    if (!*known) {
      const auto added = versions_.add(app.text(), before->text, "", before->written_at);
      if (!added) return tl::unexpected(added.error());
    }
  }
  // Before the file: of what once ran there is a version, whatever happens in between.
  const auto added = versions_.add(app.text(), compose, user, now_());
  if (!added) return tl::unexpected(added.error());
  auto written = folders_.write(app, compose);
  if (!written && *added) (void)versions_.remove(**added);
  if (!written) return written;
  if (const auto kept = versions_.forget_oldest(app.text(), keep_); !kept)
    spdlog::error("[apps] old compose files are not forgotten: {}", kept.error().message);
  return {};
}

store::result<std::vector<store::compose_version>> compose_files::versions(
    const protocol::slug& app) {
  return versions_.list(app.text());
}

store::result<std::optional<std::int64_t>> compose_files::current(const protocol::slug& app) {
  const auto file = on_disk(app);
  if (!file) return std::nullopt;
  return versions_.newest_if(app.text(), file->text);
}

}  // namespace spillway::app
