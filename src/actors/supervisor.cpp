#include "actors/supervisor.hpp"

#include "actors/actor_errors.hpp"
#include "actors/stream_directory.hpp"

namespace spillway::actors {

supervisor_actor::behavior_type supervisor(
    supervisor_actor::stateful_pointer<supervisor_state> self, const dependencies* deps) {
  log_exceptions(*self, supervisor_state::name);
  self->state.logic = std::make_shared<stream_directory>(self, *deps);
  self->set_down_handler([self](caf::down_msg& down) { self->state.logic->on_down(down); });
  return {
      [self](const open_stream& m) { self->state.logic->on_open(m); },
      [self](const access_to_check& m) { self->state.logic->on_access_to_check(m); },
      [self](const end_access& m) { self->state.logic->on_end_access(m); },
      [self](const containers_listed& m) { self->state.logic->on_containers(m); },
      [self](const redirect& m) { self->state.logic->on_redirect(m); },
      [self](const retiring& m) { self->state.logic->on_retiring(m); },
      [self](const start_run& m) { self->state.logic->on_start_run(m); },
      [self](const cancel_run& m) { self->state.logic->on_cancel_run(m); },
      [self](const run_changed& m) { self->state.logic->on_run_changed(m); },
      [self](const list_deploying& m) { self->state.logic->on_list_deploying(m); },
      [self](const tail_process_log& m) { self->state.logic->on_tail(m); },
      [self](const process_log_lines& m) { self->state.logic->on_process_log(m); },
      [self](const end_sessions& m) { self->state.logic->on_end_sessions(m); },
      [self](const stop_runs& m) { self->state.logic->on_stop_runs(m); },
      [self](const report_streams& m) { self->state.logic->on_report_streams(m); },
      [self](const described& m) { self->state.logic->on_described(m); },
  };
}

}  // namespace spillway::actors
