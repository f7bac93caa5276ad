#include "store/database_file.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace spillway::store {
namespace {

tl::unexpected<error> directory_failure(const std::filesystem::path& data_dir, int reason) {
  return fail(errc::unavailable,
              fmt::format("the data directory {} cannot be used: {}; make it writable for this "
                          "user or choose another with --data-dir",
                          data_dir.string(), std::strerror(reason)));
}

}  // namespace

std::filesystem::path database_path(const std::filesystem::path& data_dir) {
  return data_dir / "spillway.db";
}

result<void> prepare_database_file(const std::filesystem::path& data_dir) {
  std::error_code failed;
  const auto parent = std::filesystem::absolute(data_dir, failed).parent_path();
  std::filesystem::create_directories(parent, failed);
  if (failed) return directory_failure(data_dir, failed.value());
  if (::mkdir(data_dir.c_str(), 0700) != 0 && errno != EEXIST)
    return directory_failure(data_dir, errno);

  // mknod makes the file without opening it: closing any descriptor of a database would drop the
  // locks that another connection of this process holds on it (POSIX advisory locks).
  const auto path = database_path(data_dir);
  if (::mknod(path.c_str(), S_IFREG | 0600, 0) == 0) {
    // Made by root in the server's directory (`sudo spillway user add`): it is the server's file.
    struct stat directory {};
    if (::geteuid() == 0 && ::stat(data_dir.c_str(), &directory) == 0 &&
        ::chown(path.c_str(), directory.st_uid, directory.st_gid) != 0)
      return directory_failure(data_dir, errno);
    return {};
  }
  if (errno != EEXIST) return directory_failure(data_dir, errno);

  struct stat found {};
  if (::stat(path.c_str(), &found) != 0) return directory_failure(data_dir, errno);
  if (!S_ISREG(found.st_mode))
    return fail(errc::unavailable, fmt::format("{} is not a file: move it away", path.string()));
  // Fails where the file is another user's; whether it can be used at all, SQLite will say.
  if ((found.st_mode & 0077) != 0) (void)!::chmod(path.c_str(), 0600);
  return {};
}

}  // namespace spillway::store
