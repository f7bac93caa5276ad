#include "store/transcript_archive.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "protocol/names.hpp"

namespace spillway::store {
namespace {

result<void> make_private_folder(const std::filesystem::path& folder) {
  if (::mkdir(folder.c_str(), 0700) == 0 || errno == EEXIST) return {};
  return fail(errc::unavailable, fmt::format("the folder {} cannot be made: {}; check the disk and "
                                             "the permissions of the data directory",
                                             folder.string(), std::strerror(errno)));
}

}  // namespace

bool is_deploy_id(std::string_view text) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
  };
  return !text.empty() && text.size() <= 128 && std::all_of(text.begin(), text.end(), allowed);
}

result<transcript_file> transcript_archive::create(std::string_view app,
                                                   std::string_view deploy_id) const {
  const auto file = path(app, deploy_id);
  if (!file) return tl::unexpected(file.error());
  return make_private_folder(root_)
      .and_then([&] { return make_private_folder(file->parent_path()); })
      .and_then([&] { return transcript_file::create(*file); });
}

result<transcript_file> transcript_archive::open(std::string_view app,
                                                 std::string_view deploy_id) const {
  return path(app, deploy_id).and_then(transcript_file::open);
}

result<transcript_file> transcript_archive::open_for_reading(std::string_view app,
                                                             std::string_view deploy_id) const {
  return path(app, deploy_id).and_then(transcript_file::open_for_reading);
}

result<void> transcript_archive::remove(std::string_view app, std::string_view deploy_id) const {
  const auto file = path(app, deploy_id);
  if (!file) return tl::unexpected(file.error());
  if (::unlink(file->c_str()) == 0 || errno == ENOENT) return {};
  return fail(errc::unavailable, fmt::format("the transcript {} cannot be removed: {}",
                                             file->string(), std::strerror(errno)));
}

std::uint64_t transcript_archive::size(std::string_view app, std::string_view deploy_id) const {
  const auto file = path(app, deploy_id);
  struct stat found {};
  if (!file || ::lstat(file->c_str(), &found) != 0) return 0;
  return static_cast<std::uint64_t>(found.st_size);
}

result<void> transcript_archive::forget(std::string_view app) const {
  const auto slug = protocol::slug::parse(app);
  if (!slug) return fail(errc::invalid, "the app's name is not one that an app can have");
  std::error_code failed;
  std::filesystem::remove_all(root_ / slug->text(), failed);
  if (!failed) return {};
  return fail(errc::unavailable, fmt::format("the transcripts of {} cannot be removed: {}",
                                             slug->text(), failed.message()));
}

result<std::filesystem::path> transcript_archive::path(std::string_view app,
                                                       std::string_view deploy_id) const {
  const auto slug = protocol::slug::parse(app);
  if (!slug) return fail(errc::invalid, "the app's name is not one that an app can have");
  if (!is_deploy_id(deploy_id))
    return fail(errc::invalid, "the deploy's id has characters other than [A-Za-z0-9_-]");
  return root_ / slug->text() / (std::string(deploy_id) + ".ndjson");
}

}  // namespace spillway::store
