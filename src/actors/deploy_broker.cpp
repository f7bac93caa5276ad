#include "actors/deploy_broker.hpp"

#include <utility>

#include "actors/actor_errors.hpp"
#include "actors/deploy_broker_publisher.hpp"

namespace spillway::actors {

deploy_broker_actor::behavior_type deploy_broker(
    deploy_broker_actor::stateful_pointer<deploy_broker_state> self, const dependencies* deps,
    deploy_queue_actor queue, supervisor_actor supervisor) {
  log_exceptions(*self, deploy_broker_state::name);
  self->state.logic = std::make_shared<deploy_broker_publisher>(self, *deps, std::move(queue),
                                                                std::move(supervisor));
  return {
      [self](const subscribe& m) { self->state.logic->on_subscribe(m); },
      [self](const next_batch& m) { self->state.logic->on_next(m.id); },
      [self](const unsubscribe& m) { self->state.logic->on_unsubscribe(m.id); },
      [](retirement_granted) {},
      [self](const describe& m) { m.answer(self->state.logic->report()); },
      [self](go_on) { self->state.logic->on_turn(); },
      [self](const start_run& m) { self->state.logic->on_start(m); },
      [self](const cancel_run& m) { self->state.logic->on_cancel(m); },
      [self](const stop_runs& m) { self->state.logic->on_stop(m); },
      [self](const run_recorded& m) { self->state.logic->on_run_recorded(m); },
      [self](const frames_recorded& m) { self->state.logic->on_frames_recorded(m); },
      [self](const end_recorded& m) { self->state.logic->on_end_recorded(m); },
      [self](const closing_over& m) { self->state.logic->on_closing_over(m.deploy_id); },
      [self](const record_end& m) { self->state.logic->on_record_end(m.deploy_id); },
      [self](const transcript_read& m) { self->state.logic->on_transcript_read(m); },
      [self](const compose_said& m) { self->state.logic->on_compose_said(m); },
      [self](const start_wait_over& m) { self->state.logic->on_start_wait_over(m.id); },
      [self](const recent_over& m) { self->state.logic->on_recent_over(m.deploy_id); },
      [self](slot_granted) { self->state.logic->on_slot_granted(); },
      [self](const place_in_line& m) { self->state.logic->on_place_in_line(m.place); },
  };
}

}  // namespace spillway::actors
