// Compose processes that outlived the server that started them.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace spillway::host {

/// What the environment of a compose process, and of whatever it starts, says about the deploy that
/// it belongs to: `SPILLWAY_DEPLOY=<id>`.
std::string deploy_mark(const std::string& deploy_id);

/// Ends every process that carries the mark of one of these deploys, as /proc shows them: SIGTERM,
/// and SIGKILL for what is still there after `grace`. Returns how many there were. Others'
/// processes whose environment this user may not read are not seen. Context: any thread; blocks for
/// up to the grace.
std::size_t end_left_processes(const std::vector<std::string>& deploy_ids,
                               std::chrono::milliseconds grace);

}  // namespace spillway::host
