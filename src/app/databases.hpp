// The server's connections to its database.
#pragma once

#include <filesystem>
#include <memory>

#include "store/database.hpp"

namespace spillway::app {

/// What waits for a lock, or for the disk, on one of them keeps nobody from the others.
struct databases {
  std::shared_ptr<store::database> main;
  /// For the watch over open streams, which must not be late.
  std::shared_ptr<store::database> access;
  /// What is written here may be lost when the power goes, so each stream costs no disk flush.
  std::shared_ptr<store::database> audit;

  static store::result<databases> open(const std::filesystem::path& data_dir);
};

}  // namespace spillway::app
