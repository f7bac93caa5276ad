// The root of the actors.
#pragma once

#include <memory>

#include "actors/dependencies.hpp"
#include "actors/messages.hpp"

namespace spillway::actors {

struct supervisor_state {
  static inline const char* name = "supervisor";
  std::shared_ptr<class stream_directory> logic;
};

/// Starts publishers on demand and watches them and the sessions. When it exits, so do all.
/// Context: spawn.
supervisor_actor::behavior_type supervisor(
    supervisor_actor::stateful_pointer<supervisor_state> self, const dependencies* deps);

}  // namespace spillway::actors
