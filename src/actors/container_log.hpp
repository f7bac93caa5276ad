// The publisher of one container's log.
#pragma once

#include <memory>
#include <string>

#include "actors/dependencies.hpp"
#include "actors/messages.hpp"

namespace spillway::actors {

struct container_log_state {
  static inline const char* name = "container_log";
  std::shared_ptr<class container_log_publisher> logic;
};

/// Serves every viewer of one container from one stream of the engine. Context: spawn.
container_log_actor::behavior_type container_log(
    container_log_actor::stateful_pointer<container_log_state> self, const dependencies* deps,
    std::string key, std::string container_id, supervisor_actor supervisor);

}  // namespace spillway::actors
