// How many deploys run at once.
#pragma once

#include <deque>

#include "actors/messages.hpp"

namespace spillway::actors {

struct deploy_queue_state {
  static inline const char* name = "deploy_queue";
  std::size_t slots = 1;
  /// In order of arrival: the first `slots` run, the rest wait.
  std::deque<deploy_broker_actor> line;
};

/// Grants `slots` slots in the order in which brokers ask, and tells those who wait their place. A
/// broker that dies gives its slot back. Context: spawn.
deploy_queue_actor::behavior_type deploy_queue(
    deploy_queue_actor::stateful_pointer<deploy_queue_state> self, std::size_t slots);

}  // namespace spillway::actors
