// Compose processes that outlived the server that started them.
#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace spillway::host {

/// What the environment of a compose process, and of whatever it starts, says about the deploy that
/// it belongs to: `SPILLWAY_DEPLOY=<id>@<instance>`. The instance is one data directory and no copy
/// of it: a server on a copy must not end what belongs to another.
std::string deploy_mark(const std::string& instance, const std::string& deploy_id);

/// What tells a directory from its copies, for as long as the machine runs.
std::string instance_of(const std::filesystem::path& data_dir);

/// Ends every process that carries one of these marks, as /proc shows them: SIGTERM, and SIGKILL
/// for what is still there after `grace`. Returns how many there were. Others' processes whose
/// environment this user may not read are not seen. Context: any thread; blocks for up to the
/// grace.
std::size_t end_left_processes(const std::vector<std::string>& marks,
                               std::chrono::milliseconds grace);

}  // namespace spillway::host
