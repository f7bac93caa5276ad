// CAF's actors on Asio's threads: one pool for sockets and actors.
#pragma once

#include <boost/asio/io_context.hpp>
#include <caf/actor_system_config.hpp>

namespace spillway::actors {

/// Makes the actor system run its actors on `io`. Call before the system is made. The io_context's
/// threads must run until the system is gone, and no handler on them may wait for an actor.
void schedule_on(caf::actor_system_config& config, boost::asio::io_context& io);

}  // namespace spillway::actors
