// The archives that `docker cp` sends.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace spillway::sim {

/// Unpacks files and folders of a tar archive (POSIX ustar) into `folder` below `root`, which no
/// name and no link leads out of. Returns what is wrong, or nothing.
std::optional<std::string> unpack_tar(std::string_view archive, const std::filesystem::path& root,
                                      const std::string& folder);

}  // namespace spillway::sim
