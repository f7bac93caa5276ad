// Where a simulated host keeps its containers' folders.
#pragma once

#include <filesystem>

namespace spillway::sim {

/// Takes away what the host made in it; and itself, where none was given. Context: one owner.
class working_directory {
 public:
  /// Empty: a new folder in /tmp. Throws where it cannot be made.
  explicit working_directory(const std::filesystem::path& given);
  ~working_directory();
  working_directory(const working_directory&) = delete;
  working_directory& operator=(const working_directory&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
  bool own_;
};

}  // namespace spillway::sim
