#include "app/compose_files.hpp"

namespace spillway::app {

/// Whether there is a compose file that counts: it is then the newest version.
store::result<bool> compose_files::take_in(const protocol::slug& app) {
  const auto on_disk = folders_.read(app);
  if (!on_disk) return tl::unexpected(on_disk.error());
  if (!*on_disk) return false;
  const auto& [text, written_at] = **on_disk;
  const auto added = versions_.add(app.text(), text, "", written_at, keep_);
  if (!added) return tl::unexpected(added.error());
  return true;
}

store::result<void> compose_files::write(const protocol::slug& app, std::string_view compose,
                                         const std::string& user) {
  if (const auto taken_in = take_in(app); !taken_in) return tl::unexpected(taken_in.error());
  // Before the file: of what once ran there is a version, whatever happens in between.
  const auto added = versions_.add(app.text(), compose, user, now_(), keep_);
  if (!added) return tl::unexpected(added.error());
  auto written = folders_.write(app, compose);
  if (!written && *added) (void)versions_.remove(**added);
  return written;
}

store::result<std::pair<std::vector<store::compose_version>, std::optional<std::int64_t>>>
compose_files::versions(const protocol::slug& app) {
  const auto on_disk = take_in(app);
  if (!on_disk) return tl::unexpected(on_disk.error());
  auto all = versions_.list(app.text());
  if (!all) return tl::unexpected(all.error());
  std::optional<std::int64_t> current;
  if (*on_disk && !all->empty()) current = all->front().id;
  return std::pair{std::move(*all), current};
}

}  // namespace spillway::app
