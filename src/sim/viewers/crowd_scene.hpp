// Where a run takes place: the server, and what there is to watch.
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "sim/viewers/crowd_plan.hpp"
#include "sim/viewers/viewer_link.hpp"
#include "sim/viewers/watched_stream.hpp"

namespace spillway::sim {

/// Reads `http://HOST:PORT` and looks the name up. The error is a sentence.
tl::expected<server_place, std::string> find_server(const std::string& url);

/// What the plan names, or else what the server lists. The error is a sentence.
tl::expected<std::vector<watched_stream>, std::string> find_streams(const crowd_plan& plan,
                                                                    const server_place& server);

/// Raises the limit of open files to what so many viewers need. Empty, or a sentence about what is
/// missing.
std::string make_room_for(std::size_t viewers);

}  // namespace spillway::sim
