// One deploy's transcript on disk: frames as NDJSON.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "actors/ports/deploy_journal.hpp"
#include "store/error.hpp"
#include "store/file_descriptor.hpp"

namespace spillway::store {

/// Context: one thread at a time; blocks on the disk. Writes go to the kernel at once, nothing
/// waits in the process: what append has taken outlives a crash of the server.
class transcript_file {
 public:
  /// Makes a new file (0600); fails where there is one.
  static result<transcript_file> create(const std::filesystem::path& path);
  /// Opens a file for reading and appending; errc::not_found where there is none.
  static result<transcript_file> open(const std::filesystem::path& path);
  /// Opens a file for reading; errc::not_found where there is none.
  static result<transcript_file> open_for_reading(const std::filesystem::path& path);

  /// Appends all or nothing. After a failure nothing can be appended any more: a transcript may end
  /// early, but it has no hole.
  result<void> append(std::string_view bytes);

  /// Whole lines from `offset` on: about `max_bytes` of them, and at least one where one is left.
  /// An offset past the end reads as the end.
  result<actors::transcript_part> read(std::uint64_t offset, std::size_t max_bytes) const;

  /// Cuts off a last line without a newline.
  result<void> drop_torn_line();
  /// The last whole line, without its newline; empty where there is none.
  result<std::string> last_line() const;

  result<std::uint64_t> size() const;
  /// Waits until the disk has it.
  result<void> sync();

 private:
  transcript_file(std::filesystem::path path, file_descriptor file)
      : path_(std::move(path)), file_(std::move(file)) {}
  static result<transcript_file> open_with(const std::filesystem::path& path, int flags);

  /// The offset behind the newline that comes last before `end`; 0 where there is none.
  result<std::uint64_t> line_start_before(std::uint64_t end) const;
  result<std::string> read_at(std::uint64_t offset, std::size_t bytes) const;
  tl::unexpected<error> io_failure(std::string_view what) const;

  std::filesystem::path path_;
  file_descriptor file_;
  bool incomplete_ = false;
};

}  // namespace spillway::store
