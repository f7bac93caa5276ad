// What becomes of an exception inside an actor.
#pragma once

#include <caf/scheduled_actor.hpp>
#include <string>

namespace spillway::actors {

/// An exception in one of the actor's handlers is logged with the actor's name and ends the actor
/// with an error, which its monitors see. Call while the actor sets up its behavior.
void log_exceptions(caf::scheduled_actor& self, std::string name);

}  // namespace spillway::actors
