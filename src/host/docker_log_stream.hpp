// A container's log, read from the engine on demand. Internal to host/.
#pragma once

#include <boost/asio/io_context.hpp>
#include <memory>
#include <string>

#include "actors/ports/container_engine.hpp"
#include "host/docker_client.hpp"
#include "host/log_limits.hpp"

namespace spillway::host {

/// Opens the log at once, and reads from it only what `log_stream::read` asks for. Context: any
/// thread. `io` outlives the stream.
std::unique_ptr<actors::log_stream> open_docker_log(
    boost::asio::io_context& io, std::shared_ptr<docker_client> client, std::string container_id,
    actors::log_query query, log_limits limits, actors::container_engine::chunk_handler handler);

}  // namespace spillway::host
