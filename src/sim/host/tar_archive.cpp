#include "sim/host/tar_archive.hpp"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "sim/host/unique_descriptor.hpp"

namespace spillway::sim {

namespace {

constexpr std::size_t block = 512;

std::string field(std::string_view header, std::size_t at, std::size_t size) {
  const std::string_view whole = header.substr(at, size);
  return std::string(whole.substr(0, whole.find('\0')));
}

std::optional<std::size_t> octal(const std::string& text) {
  std::size_t value = 0;
  for (const char c : text) {
    if (c == ' ') continue;
    if (c < '0' || c > '7' || value > (1ULL << 40U)) return std::nullopt;
    value = value * 8 + static_cast<std::size_t>(c - '0');
  }
  return value;
}

/// `root` is `/` for whatever the path means.
unique_descriptor open_below(int root, const std::string& path, int flags, mode_t mode) {
  open_how how{};
  how.flags = static_cast<std::uint64_t>(flags) | O_CLOEXEC;
  how.mode = (flags & O_CREAT) != 0 ? mode : 0;
  how.resolve = RESOLVE_IN_ROOT;
  return unique_descriptor(
      static_cast<int>(::syscall(SYS_openat2, root, path.c_str(), &how, sizeof how)));
}

std::string reason() {
  return std::strerror(errno);
}

std::optional<std::string> write_file(int root, const std::string& path, mode_t mode,
                                      std::string_view bytes) {
  const auto file = open_below(root, path, O_WRONLY | O_CREAT | O_TRUNC, mode & 0777U);
  if (!file) return path + ": " + reason();
  while (!bytes.empty()) {
    const ssize_t n = ::write(file.get(), bytes.data(), bytes.size());
    if (n < 0) return path + ": " + reason();
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return std::nullopt;
}

std::optional<std::string> make_folder(int root, const std::string& path, mode_t mode) {
  std::string name = path;
  while (name.ends_with('/')) name.pop_back();
  const auto slash = name.rfind('/');
  const auto parent =
      open_below(root, slash == std::string::npos ? "/" : name.substr(0, slash + 1), O_PATH, 0);
  const std::string last = slash == std::string::npos ? name : name.substr(slash + 1);
  if (last.empty() || last == "." || last == "..") return std::nullopt;
  if (!parent) return path + ": " + reason();
  if (::mkdirat(parent.get(), last.c_str(), mode & 0777U) != 0 && errno != EEXIST) {
    return path + ": " + reason();
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> unpack_tar(std::string_view archive, const std::filesystem::path& root,
                                      const std::string& folder) {
  const unique_descriptor top(::open(root.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!top) return root.string() + ": " + reason();
  while (archive.size() >= block) {
    const std::string_view header = archive.substr(0, block);
    archive.remove_prefix(block);
    if (header.front() == '\0') return std::nullopt;
    std::string name = field(header, 0, 100);
    if (const auto prefix = field(header, 345, 155);
        header.substr(257, 5) == "ustar" && !prefix.empty()) {
      name.insert(0, prefix + "/");
    }
    const auto mode = octal(field(header, 100, 8));
    const auto size = octal(field(header, 124, 12));
    if (!mode || !size || *size > archive.size()) return "the archive is damaged";
    std::string path = folder;
    path.append("/").append(name);
    const char kind = header[156];
    std::optional<std::string> wrong;
    if (kind == '5') {
      wrong = make_folder(top.get(), path, static_cast<mode_t>(*mode));
    } else if (kind == '0' || kind == '\0') {
      wrong = write_file(top.get(), path, static_cast<mode_t>(*mode), archive.substr(0, *size));
    }
    if (wrong) return wrong;
    archive.remove_prefix(std::min(archive.size(), (*size + block - 1) / block * block));
  }
  return archive.empty() ? std::nullopt : std::optional<std::string>("the archive is damaged");
}

}  // namespace spillway::sim
