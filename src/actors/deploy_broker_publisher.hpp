// What a deploy broker does; deploy_broker.cpp makes an actor of it.
#pragma once

#include <memory>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "actors/dependencies.hpp"
#include "actors/deploy_run.hpp"
#include "actors/messages.hpp"
#include "actors/transcript_replay.hpp"

namespace spillway::actors {

/// At most one run at a time:
///
///   idle --start--> recording --in the journal--> queued --slot--> running --last step--> closing
///   closing --end in the journal--> idle
///
/// The caller of a start is answered when the run is in the journal and viewers who connect see it.
/// The final frame goes out when the record says how the run ended, so that who saw it may rely on
/// the record; a journal that fails or takes too long delays nobody for long. An end that it did
/// not take is recorded later. The last run stays visible for `deploy.recent_window`. A viewer is
/// in one of three places: waiting for a run to start, in the audience of a run, or reading a
/// transcript from the journal (a recorded run, or what it missed of a long one). Output is read
/// from compose only as fast as the journal takes it. Context: the deploy broker actor.
class deploy_broker_publisher {
 public:
  deploy_broker_publisher(deploy_broker_actor::pointer self, const dependencies& deps,
                          deploy_queue_actor queue, supervisor_actor supervisor);
  ~deploy_broker_publisher();

  void on_subscribe(const subscribe& m);
  void on_next(subscriber_id id);
  void on_turn();
  void on_unsubscribe(subscriber_id id);
  void on_start(const start_run& m);
  void on_cancel(const cancel_run& m);
  void on_stop(const stop_runs& m);
  void on_run_recorded(const run_recorded& m);
  void on_frames_recorded(const frames_recorded& m);
  void on_end_recorded(const end_recorded& m);
  void on_closing_over(const std::string& deploy_id);
  void on_record_end(const std::string& deploy_id);
  void on_transcript_read(const transcript_read& m);
  void on_compose_said(const compose_said& m);
  void on_start_wait_over(subscriber_id id);
  void on_recent_over(const std::string& deploy_id);
  void on_slot_granted();
  void on_place_in_line(std::size_t place);
  publisher_report report() const;

 private:
  enum class state : std::uint8_t { idle, recording, queued, running, closing };
  static std::string_view to_string(state which);
  struct replaying {
    recipient to;
    transcript_replay at;
    bool wants_batch = true;
    bool at_end = false;
    /// transcript_part::stand_in, until it is delivered.
    std::string stand_in = {};
  };

  std::unique_ptr<deploy_run> make_run(const run_request& request);
  void start_step();
  void read_on();
  void step_over(const compose_exit& exit);
  void end_run(std::string_view status, int exit_code);
  void show_end();
  void end_unstarted(std::string_view status, std::string_view why);
  void record_frames();
  void show_frames();
  void give_up_recording(const std::string& why);
  void set_aside_last_run();
  deploy_run* run_of(const std::string& deploy_id);
  void replay(subscriber_id id, recipient to, transcript_replay at);
  void on_behind(deploy_run& run, subscriber_id id, sequence wanted);
  void advance(subscriber_id id);
  void advance_replays_of(const std::string& deploy_id);
  bool journal_lags(const deploy_run& run) const;
  bool join_if_caught_up(subscriber_id id, replaying& r);
  void deliver_replayed(replaying& r, batch_ptr frames);
  void pass_over_unrecorded(const deploy_run& run, replaying& r);
  void finish_replay(subscriber_id id, end_cause cause, std::string detail);
  deploy_broker_actor me() const { return deploy_broker_actor(self_); }

  deploy_broker_actor::pointer self_;
  const dependencies& deps_;
  deploy_queue_actor queue_;
  supervisor_actor supervisor_;

  state state_ = state::idle;
  std::string app_;
  /// The current run, or the one that ended within the recent window.
  std::unique_ptr<deploy_run> run_;
  /// Earlier runs whose viewers have not had everything yet.
  std::vector<std::unique_ptr<deploy_run>> old_runs_;
  reply<tl::expected<std::string, run_refusal>> start_answer_;
  std::vector<reply<bool>> stop_answers_;
  /// Ends that are not in the journal, by deploy id, and how often that was tried in vain.
  struct unrecorded_end {
    deploy_record record;
    unsigned failures = 0;
  };
  std::unordered_map<std::string, unrecorded_end> unrecorded_ends_;
  bool stopping_ = false;
  std::uint64_t step_ = 0;
  bool recording_frames_ = false;
  bool read_wanted_ = false;

  std::unordered_map<subscriber_id, recipient> waiting_;
  std::unordered_map<subscriber_id, replaying> replays_;
};

}  // namespace spillway::actors
