#include "actors/container_log.hpp"

#include <utility>

#include "actors/actor_errors.hpp"
#include "actors/container_log_publisher.hpp"

namespace spillway::actors {

container_log_actor::behavior_type container_log(
    container_log_actor::stateful_pointer<container_log_state> self, const dependencies* deps,
    std::string key, std::string container_id, supervisor_actor supervisor) {
  log_exceptions(*self, container_log_state::name);
  self->state.logic = std::make_shared<container_log_publisher>(
      self, *deps, std::move(key), std::move(container_id), std::move(supervisor));
  return {
      [self](const subscribe& m) { self->state.logic->on_subscribe(m); },
      [self](const next_batch& m) { self->state.logic->on_next(m.id); },
      [self](const unsubscribe& m) { self->state.logic->on_unsubscribe(m.id); },
      [self](go_on) { self->state.logic->on_turn(); },
      [self](const describe& m) { m.answer(self->state.logic->report()); },
      [self](retirement_granted) { self->state.logic->on_retirement_granted(); },
      [self](const followed_chunk& m) { self->state.logic->on_followed(m.chunk); },
      [self](const backfill_chunk& m) { self->state.logic->on_backfill(m.chunk); },
      [self](const replay_chunk& m) { self->state.logic->on_replay(m); },
      [self](linger_over) { self->state.logic->on_linger_over(); },
      [self](const until_passed& m) { self->state.logic->on_until_passed(m.id); },
  };
}

}  // namespace spillway::actors
