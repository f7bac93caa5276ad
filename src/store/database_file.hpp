// The data directory and the database file, before SQLite sees them.
#pragma once

#include <filesystem>

#include "store/error.hpp"

namespace spillway::store {

std::filesystem::path database_path(const std::filesystem::path& data_dir);

/// Makes the directory (0700) and an empty file (0600) where they are missing, and takes the file's
/// permissions back to 0600 where they are wider: it holds password hashes.
result<void> prepare_database_file(const std::filesystem::path& data_dir);

}  // namespace spillway::store
