// The transcripts of a data directory: `transcripts/<app>/<deploy id>.ndjson`.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "store/error.hpp"
#include "store/transcript_file.hpp"

namespace spillway::store {

/// Can the text name a deploy? 1 to 128 of `[A-Za-z0-9_-]`, as new_deploy_id makes them.
bool is_deploy_id(std::string_view text);

/// Context: any thread; blocks on the disk. An app or id that could leave the directory is
/// errc::invalid.
class transcript_archive {
 public:
  explicit transcript_archive(const std::filesystem::path& data_dir)
      : root_(data_dir / "transcripts") {}

  /// Makes the folders that are missing (0700), too.
  result<transcript_file> create(std::string_view app, std::string_view deploy_id) const;
  result<transcript_file> open(std::string_view app, std::string_view deploy_id) const;
  result<transcript_file> open_for_reading(std::string_view app, std::string_view deploy_id) const;
  result<void> remove(std::string_view app, std::string_view deploy_id) const;
  /// Bytes of a transcript; 0 where there is none.
  std::uint64_t size(std::string_view app, std::string_view deploy_id) const;
  /// Removes every transcript of an app.
  result<void> forget(std::string_view app) const;

 private:
  result<std::filesystem::path> path(std::string_view app, std::string_view deploy_id) const;

  std::filesystem::path root_;
};

}  // namespace spillway::store
