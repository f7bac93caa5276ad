#include "app/app_folders.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "app/compose_check.hpp"
#include "store/file_descriptor.hpp"

namespace spillway::app {
namespace {

constexpr const char* compose_name = "docker-compose.yml";
/// In the same folder, so that the rename is atomic; always the same, so that a crash leaves one.
constexpr const char* unfinished_name = ".docker-compose.yml.new";

tl::unexpected<store::error> disk_failure(const std::filesystem::path& path, int reason) {
  return store::fail(store::errc::unavailable,
                     fmt::format("{} cannot be used: {}; check that this user may write there and "
                                 "that the disk has room",
                                 path.string(), std::strerror(reason)));
}

/// Opens `<apps_dir>/<app>` if it is a directory; an empty descriptor with errno set if not.
store::file_descriptor open_folder(const std::filesystem::path& folder) {
  return store::file_descriptor(
      ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
}

/// Writes and flushes a new file. 0 or the errno.
int write_new_file(int folder, const char* name, std::string_view bytes) {
  ::unlinkat(folder, name, 0);
  const store::file_descriptor file(
      ::openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0640));
  if (!file) return errno;
  if (::fchmod(file.get(), 0640) != 0) return errno;  // whatever the umask
  while (!bytes.empty()) {
    const ssize_t written = ::write(file.get(), bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return ::fsync(file.get()) == 0 ? 0 : errno;
}

}  // namespace

std::filesystem::path app_folders::compose_file(const protocol::slug& app) const {
  return apps_dir_ / app.text() / compose_name;
}

store::result<std::vector<protocol::slug>> app_folders::list() const {
  std::vector<protocol::slug> apps;
  std::error_code failed;
  std::filesystem::directory_iterator entry(apps_dir_, failed);
  if (failed == std::errc::no_such_file_or_directory) return apps;
  for (; !failed && entry != std::filesystem::directory_iterator(); entry.increment(failed)) {
    const auto app = protocol::slug::parse(entry->path().filename().string());
    if (app && holds(*app)) apps.push_back(*app);
  }
  if (failed) return disk_failure(apps_dir_, failed.value());
  std::sort(apps.begin(), apps.end());
  return apps;
}

bool app_folders::holds(const protocol::slug& app) const {
  const auto file = compose_file(app);
  struct stat folder {};
  struct stat compose {};
  return ::lstat(file.parent_path().c_str(), &folder) == 0 && S_ISDIR(folder.st_mode) &&
         ::lstat(file.c_str(), &compose) == 0 && S_ISREG(compose.st_mode);
}

store::result<std::optional<app_folders::found_file>> app_folders::read(
    const protocol::slug& app) const {
  const auto path = compose_file(app);
  const auto folder = open_folder(path.parent_path());
  if (!folder) return std::nullopt;  // no app: what its entry is else is said where it is written
  const store::file_descriptor file(
      ::openat(folder.get(), compose_name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (!file && (errno == ENOENT || errno == ELOOP)) return std::nullopt;
  struct stat found {};
  if (!file || ::fstat(file.get(), &found) != 0) return disk_failure(path, errno);
  if (!S_ISREG(found.st_mode) || static_cast<std::size_t>(found.st_size) > max_compose_bytes)
    return std::nullopt;
  std::string text(static_cast<std::size_t>(found.st_size), '\0');
  std::size_t filled = 0;
  while (filled < text.size()) {
    const ssize_t got = ::read(file.get(), text.data() + filled, text.size() - filled);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return disk_failure(path, errno);
    if (got == 0) break;
    filled += static_cast<std::size_t>(got);
  }
  text.resize(filled);
  const auto& at = found.st_mtim;
  return found_file{std::move(text), protocol::timestamp{std::chrono::seconds(at.tv_sec) +
                                                         std::chrono::nanoseconds(at.tv_nsec)}};
}

store::result<void> app_folders::write(const protocol::slug& app, std::string_view compose) const {
  std::error_code failed;
  std::filesystem::create_directories(apps_dir_, failed);
  if (failed) return disk_failure(apps_dir_, failed.value());

  const auto path = apps_dir_ / app.text();
  const bool made = ::mkdir(path.c_str(), 0750) == 0;
  if (!made && errno != EEXIST) return disk_failure(path, errno);
  const auto folder = open_folder(path);
  if (!folder && (errno == ELOOP || errno == ENOTDIR))
    return store::fail(store::errc::refused,
                       fmt::format("the entry {} of the apps directory is not a folder of its own: "
                                   "move it away on the server",
                                   app.text()));
  if (!folder) return disk_failure(path, errno);

  int reason = write_new_file(folder.get(), unfinished_name, compose);
  if (reason == 0 && ::renameat(folder.get(), unfinished_name, folder.get(), compose_name) != 0)
    reason = errno;
  if (reason != 0) {
    ::unlinkat(folder.get(), unfinished_name, 0);
    if (made) ::rmdir(path.c_str());
    return disk_failure(compose_file(app), reason);
  }
  ::fsync(folder.get());
  return {};
}

store::result<void> app_folders::remove(const protocol::slug& app) const {
  const auto path = apps_dir_ / app.text();
  const auto folder = open_folder(path);
  if (!folder) {
    if (errno == ENOENT || errno == ELOOP || errno == ENOTDIR) return {};
    return disk_failure(path, errno);
  }
  for (const char* name : {unfinished_name, compose_name})
    if (::unlinkat(folder.get(), name, 0) != 0 && errno != ENOENT)
      return disk_failure(path / name, errno);
  if (::rmdir(path.c_str()) != 0 && errno != ENOTEMPTY && errno != EEXIST && errno != ENOENT)
    return disk_failure(path, errno);
  return {};
}

}  // namespace spillway::app
