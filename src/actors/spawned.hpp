// Spawning from threads that outlive the actor system.
#pragma once

#include <caf/logger.hpp>

namespace spillway::actors {

/// Returns `spawn()`. CAF leaves a reference to the system's logger in a thread that spawns or
/// makes a system, and ~actor_system waits until the last one is gone: a thread that lives longer
/// has to let go of it. Context: any thread.
template <class Spawn>
auto spawned(Spawn spawn) {
  auto made = spawn();
  caf::logger::set_current_actor_system(nullptr);
  return made;
}

}  // namespace spillway::actors
