// The publisher of one app's deploys.
#pragma once

#include <memory>

#include "actors/dependencies.hpp"
#include "actors/messages.hpp"

namespace spillway::actors {

struct deploy_broker_state {
  static inline const char* name = "deploy_broker";
  std::shared_ptr<class deploy_broker_publisher> logic;
};

/// Runs an app's deploys, one at a time, and shows them to any number of viewers. Context: spawn.
deploy_broker_actor::behavior_type deploy_broker(
    deploy_broker_actor::stateful_pointer<deploy_broker_state> self, const dependencies* deps,
    deploy_queue_actor queue, supervisor_actor supervisor);

}  // namespace spillway::actors
