// The publisher of the server's own output.
#pragma once

#include "actors/dependencies.hpp"
#include "actors/messages.hpp"

namespace spillway::actors {

struct process_log_state;

/// Keeps the newest `process_log.lines` lines and fans them out. Nothing in it logs: what it logged
/// would come back to it. Context: spawn.
process_log_actor::behavior_type process_log(
    process_log_actor::stateful_pointer<process_log_state> self, const dependencies* deps);

struct process_log_state {
  static inline const char* name = "process_log";
  std::shared_ptr<class audience> viewers;
  std::string scratch;
};

}  // namespace spillway::actors
