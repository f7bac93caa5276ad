#include "store/transcript_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace spillway::store {
namespace {

/// A line longer than this was not written by spillway.
constexpr std::size_t max_transcript_line_bytes = 16 << 20;

}  // namespace

result<transcript_file> transcript_file::create(const std::filesystem::path& path) {
  return open_with(path, O_RDWR | O_APPEND | O_CREAT | O_EXCL);
}

result<transcript_file> transcript_file::open(const std::filesystem::path& path) {
  return open_with(path, O_RDWR | O_APPEND);
}

result<transcript_file> transcript_file::open_for_reading(const std::filesystem::path& path) {
  return open_with(path, O_RDONLY);
}

result<transcript_file> transcript_file::open_with(const std::filesystem::path& path, int flags) {
  transcript_file opened(
      path, file_descriptor(::open(path.c_str(), flags | O_CLOEXEC | O_NOFOLLOW, 0600)));
  if (opened.file_) return opened;
  if (errno == ENOENT && (flags & O_CREAT) == 0)
    return fail(errc::not_found, fmt::format("the transcript {} is gone", path.string()));
  return opened.io_failure("opened");
}

result<void> transcript_file::append(std::string_view bytes) {
  if (incomplete_)
    return fail(
        errc::unavailable,
        fmt::format("the transcript {} ends early: an earlier write failed", path_.string()));
  const auto before = size();
  if (!before) return tl::unexpected(before.error());
  while (!bytes.empty()) {
    const ssize_t written = ::write(file_.get(), bytes.data(), bytes.size());
    if (written >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno != EINTR) {
      const auto failure = io_failure("written");
      incomplete_ = true;
      (void)!::ftruncate(file_.get(), static_cast<off_t>(*before));
      return failure;
    }
  }
  return {};
}

result<actors::transcript_part> transcript_file::read(std::uint64_t offset,
                                                      std::size_t max_bytes) const {
  const auto end = size();
  if (!end) return tl::unexpected(end.error());
  if (offset >= *end) return actors::transcript_part{{}, true};
  for (std::size_t wanted = std::max<std::size_t>(max_bytes, 1);; wanted *= 2) {
    auto bytes = read_at(offset, wanted);
    if (!bytes) return tl::unexpected(bytes.error());
    const bool all = bytes->size() < wanted || offset + bytes->size() >= *end;
    const std::size_t newline = bytes->rfind('\n');
    if (newline != std::string::npos) {
      bytes->resize(newline + 1);
      return actors::transcript_part{std::move(*bytes), all};
    }
    if (all) return actors::transcript_part{{}, true};  // a line that is being written
    if (wanted >= max_transcript_line_bytes)
      return fail(errc::unavailable,
                  fmt::format("the transcript {} is damaged: it has a line of more than 16 MiB",
                              path_.string()));
  }
}

result<void> transcript_file::drop_torn_line() {
  const auto end = size();
  if (!end) return tl::unexpected(end.error());
  const auto whole = line_start_before(*end);
  if (!whole) return tl::unexpected(whole.error());
  if (*whole != *end && ::ftruncate(file_.get(), static_cast<off_t>(*whole)) != 0)
    return io_failure("cut");
  return {};
}

result<std::string> transcript_file::last_line() const {
  const auto end = size();
  if (!end) return tl::unexpected(end.error());
  const auto line_end = line_start_before(*end);
  if (!line_end) return tl::unexpected(line_end.error());
  if (*line_end == 0) return std::string();
  const auto start = line_start_before(*line_end - 1);
  if (!start) return tl::unexpected(start.error());
  const std::uint64_t length = *line_end - 1 - *start;
  if (length > max_transcript_line_bytes) return std::string();
  return read_at(*start, length);
}

result<void> transcript_file::sync() {
  if (::fdatasync(file_.get()) != 0) return io_failure("written");
  return {};
}

result<std::uint64_t> transcript_file::line_start_before(std::uint64_t end) const {
  constexpr std::uint64_t step = 64 << 10;
  while (end > 0) {
    const std::uint64_t from = end - std::min(end, step);
    const auto bytes = read_at(from, end - from);
    if (!bytes) return tl::unexpected(bytes.error());
    const std::size_t newline = bytes->rfind('\n');
    if (newline != std::string::npos) return from + newline + 1;
    end = from;
  }
  return 0;
}

result<std::uint64_t> transcript_file::size() const {
  struct stat found {};
  if (::fstat(file_.get(), &found) != 0) return io_failure("read");
  return static_cast<std::uint64_t>(found.st_size);
}

result<std::string> transcript_file::read_at(std::uint64_t offset, std::size_t bytes) const {
  std::string read(bytes, '\0');
  std::size_t filled = 0;
  while (filled < bytes) {
    const ssize_t got = ::pread(file_.get(), read.data() + filled, bytes - filled,
                                static_cast<off_t>(offset + filled));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return io_failure("read");
    if (got == 0) break;
    filled += static_cast<std::size_t>(got);
  }
  read.resize(filled);
  return read;
}

tl::unexpected<error> transcript_file::io_failure(std::string_view what) const {
  return fail(errc::unavailable,
              fmt::format("the transcript {} cannot be {}: {}; check the disk and its permissions",
                          path_.string(), what, std::strerror(errno)));
}

}  // namespace spillway::store
