// Every message between actors: who sends it to whom, and what it means.
#pragma once

#include <caf/all.hpp>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "actors/batch.hpp"
#include "actors/demand.hpp"
#include "actors/fanout.hpp"
#include "actors/gateway.hpp"
#include "actors/ports/compose_runner.hpp"
#include "actors/ports/container_engine.hpp"
#include "actors/ports/deploy_journal.hpp"
#include "actors/reply.hpp"
#include "actors/streams_report.hpp"
#include "actors/termination.hpp"

namespace spillway::actors {

// --- to a session -------------------------------------------------------------------------------
struct attached;
struct deliver;
struct finish;
struct socket_written;
struct socket_silent;
struct socket_stalled;
struct socket_gone;
using session_actor =
    caf::typed_actor<caf::reacts_to<attached>, caf::reacts_to<deliver>, caf::reacts_to<finish>,
                     caf::reacts_to<socket_written>, caf::reacts_to<socket_silent>,
                     caf::reacts_to<socket_stalled>, caf::reacts_to<socket_gone>>;

// --- to any publisher ---------------------------------------------------------------------------
struct subscribe;
struct next_batch;
struct unsubscribe;
struct retirement_granted;
struct go_on;
struct describe;
using publisher_actor =
    caf::typed_actor<caf::reacts_to<subscribe>, caf::reacts_to<next_batch>,
                     caf::reacts_to<unsubscribe>, caf::reacts_to<retirement_granted>,
                     caf::reacts_to<go_on>, caf::reacts_to<describe>>;

// --- to the supervisor --------------------------------------------------------------------------
struct open_stream;
struct access_to_check;
struct end_access;
struct containers_listed;
struct redirect;
struct retiring;
struct start_run;
struct cancel_run;
struct run_changed;
struct list_deploying;
struct tail_process_log;
struct process_log_lines;
struct end_sessions;
struct stop_runs;
struct report_streams;
struct described;
using supervisor_actor = caf::typed_actor<
    caf::reacts_to<open_stream>, caf::reacts_to<access_to_check>, caf::reacts_to<end_access>,
    caf::reacts_to<containers_listed>, caf::reacts_to<redirect>, caf::reacts_to<retiring>,
    caf::reacts_to<start_run>, caf::reacts_to<cancel_run>, caf::reacts_to<run_changed>,
    caf::reacts_to<list_deploying>, caf::reacts_to<tail_process_log>,
    caf::reacts_to<process_log_lines>, caf::reacts_to<end_sessions>, caf::reacts_to<stop_runs>,
    caf::reacts_to<report_streams>, caf::reacts_to<described>>;

/// Supervisor to session: this publisher serves you; watch it.
struct attached {
  publisher_actor publisher;
  std::shared_ptr<demand> readiness;
};
/// Publisher to session: frames for the socket. Sent only when the session can take them. Most go
/// without a message (see handover).
struct deliver {
  batch_ptr frames;
};
/// Publisher or supervisor to session: the stream is over. From a publisher it comes after the last
/// frame that the cause allows.
struct finish {
  end_cause cause;
  /// The sentence for the error frame, where the cause has one.
  std::string detail;
};
/// Connection to session: see viewer_events.
struct socket_written {};
struct socket_silent {};
struct socket_stalled {};
struct socket_gone {};

/// Who gets a stream's frames, and whether in compressed ones where there are such.
struct recipient {
  session_actor session;
  protocol::payload_form form = protocol::payload_form::plain;
  std::shared_ptr<demand> readiness;
};
/// Supervisor to publisher: a new viewer.
struct subscribe {
  subscriber_id id;
  recipient to;
  protocol::stream_request request;
};
/// Session to publisher: the socket has taken the last batch, and you wait for that (see demand).
struct next_batch {
  subscriber_id id;
};
/// Session to publisher, and supervisor to publisher once the session has ended: the viewer is
/// gone.
struct unsubscribe {
  subscriber_id id;
};
/// Supervisor to publisher: you are out of the directory; no subscribe follows this.
struct retirement_granted {};
/// Publisher to itself: others have had their turn.
struct go_on {};
/// Supervisor to publisher: what is your state, and that of those you serve? What the supervisor
/// knows of them itself stays empty.
struct describe {
  reply<std::optional<publisher_report>> answer;
};

/// Gateway to supervisor: a viewer who may have it wants this stream on this connection.
struct open_stream {
  viewer_identity from;
  protocol::stream_request request;
  std::shared_ptr<viewer_connection> connection;
};
/// Gateway to supervisor: what do open streams hang on that has to be checked? See gateway.
struct access_to_check {
  std::uint64_t version;
  protocol::timestamp now;
  reply<std::vector<held_access_ptr>> answer;
};
/// Gateway to supervisor: end the streams that hang on these.
struct end_access {
  std::vector<held_access_ptr> ended;
};
/// Engine to supervisor: a project's containers, for those who wait for them.
struct containers_listed {
  std::string project;
  tl::expected<std::vector<container_info>, engine_error> containers;
};
/// Publisher to supervisor: this viewer came too late for me, find another.
struct redirect {
  subscribe viewer;
};
/// Publisher to supervisor: take me out of the directory.
struct retiring {
  std::string key;
  publisher_actor publisher;
};
/// Gateway to supervisor, and on to the app's broker: register and start a run.
struct start_run {
  run_request request;
  reply<tl::expected<std::string, run_refusal>> answer;
};
/// Gateway to supervisor, and on to the app's broker: end the run; says whether there was one.
struct cancel_run {
  std::string app;
  /// Nothing: whichever runs.
  std::optional<std::string> deploy_id;
  reply<bool> answer;
};
/// Broker to supervisor: a run of this app began or ended.
struct run_changed {
  std::string app;
  bool running;
};
/// Gateway to supervisor: the apps whose run goes on.
struct list_deploying {
  reply<std::set<std::string>> answer;
};
/// Gateway to supervisor, and on to the process log: its newest lines, oldest first.
struct tail_process_log {
  std::size_t limit;
  reply<std::vector<std::string>> answer;
};
/// Capture to supervisor, and on to the process log: lines that this process wrote.
struct process_log_lines {
  std::shared_ptr<const std::vector<std::string>> lines;
};
/// Main to supervisor: no new streams; 1001 to every session; answers when all are gone.
struct end_sessions {
  reply<bool> answer;
};
/// Main to supervisor, and on to every broker: no new runs; answers when none is left. With `now`
/// running ones are ended, else they may finish.
struct stop_runs {
  bool now;
  reply<bool> answer;
};

/// Gateway to supervisor: the tree of all streams.
struct report_streams {
  reply<streams_report> answer;
};
/// Publisher to supervisor: its part of a report; nothing where it has ended meanwhile.
struct described {
  std::uint64_t report;
  std::string key;
  std::shared_ptr<std::optional<publisher_report>> publisher;
};

// --- container log ------------------------------------------------------------------------------
/// Engine to container log: a chunk of the followed stream.
struct followed_chunk {
  std::shared_ptr<const log_chunk> chunk;
};
/// Engine to container log: a chunk of the history with which the ring begins.
struct backfill_chunk {
  std::shared_ptr<const log_chunk> chunk;
};
/// Engine to container log: a chunk of one viewer's own history.
struct replay_chunk {
  subscriber_id id;
  std::uint64_t epoch;
  std::shared_ptr<const log_chunk> chunk;
};
/// Container log to itself: nobody has been watching for `logs.linger`, unless someone came and
/// went since.
struct linger_over {};
/// Container log to itself: look whether the wall clock has passed a viewer's `until`.
struct until_passed {
  subscriber_id id;
};
using container_log_actor =
    publisher_actor::extend<caf::reacts_to<followed_chunk>, caf::reacts_to<backfill_chunk>,
                            caf::reacts_to<replay_chunk>, caf::reacts_to<linger_over>,
                            caf::reacts_to<until_passed>>;

// --- deploy broker ------------------------------------------------------------------------------
/// Journal to broker: the run is recorded (or not).
struct run_recorded {
  std::string deploy_id;
  tl::expected<void, std::string> result;
};
/// Journal to broker: frames are in the transcript (or not).
struct frames_recorded {
  std::string deploy_id;
  tl::expected<void, std::string> result;
};
/// Journal to broker: the end of the run is recorded (or not).
struct end_recorded {
  std::string deploy_id;
  tl::expected<void, std::string> result;
};
/// Broker to itself: those who watch have waited long enough for that.
struct closing_over {
  std::string deploy_id;
};
/// Broker to itself: the end of a run could not be recorded, it is time to try again.
struct record_end {
  std::string deploy_id;
};
/// Journal to broker: a part of a transcript for a viewer.
struct transcript_read {
  subscriber_id id;
  tl::expected<transcript_part, std::string> part;
};
/// Compose to broker: lines, or the exit, of the running step.
struct compose_said {
  std::uint64_t step;
  std::shared_ptr<const compose_output> output;
};
/// Broker to itself: this viewer has waited `deploy.start_wait`.
struct start_wait_over {
  subscriber_id id;
};
/// Broker to itself: this run ended `deploy.recent_window` ago.
struct recent_over {
  std::string deploy_id;
};
/// Queue to broker: go.
struct slot_granted {};
/// Queue to broker: others are before you.
struct place_in_line {
  std::size_t place;
};
using deploy_broker_actor = publisher_actor::extend<
    caf::reacts_to<start_run>, caf::reacts_to<cancel_run>, caf::reacts_to<stop_runs>,
    caf::reacts_to<run_recorded>, caf::reacts_to<frames_recorded>, caf::reacts_to<end_recorded>,
    caf::reacts_to<closing_over>, caf::reacts_to<record_end>, caf::reacts_to<transcript_read>,
    caf::reacts_to<compose_said>, caf::reacts_to<start_wait_over>, caf::reacts_to<recent_over>,
    caf::reacts_to<slot_granted>, caf::reacts_to<place_in_line>>;

// --- deploy queue -------------------------------------------------------------------------------
/// Broker to queue: I have a run to start.
struct acquire_slot {
  deploy_broker_actor broker;
};
/// Broker to queue: my run is over, or wants no slot any more.
struct release_slot {
  deploy_broker_actor broker;
};
using deploy_queue_actor =
    caf::typed_actor<caf::reacts_to<acquire_slot>, caf::reacts_to<release_slot>>;

// --- process log --------------------------------------------------------------------------------
using process_log_actor =
    publisher_actor::extend<caf::reacts_to<tail_process_log>, caf::reacts_to<process_log_lines>>;

}  // namespace spillway::actors

// No message leaves the process, so none needs a wire format.
#define SPILLWAY_LOCAL_MESSAGE(name) CAF_ALLOW_UNSAFE_MESSAGE_TYPE(spillway::actors::name)
SPILLWAY_LOCAL_MESSAGE(attached)
SPILLWAY_LOCAL_MESSAGE(deliver)
SPILLWAY_LOCAL_MESSAGE(finish)
SPILLWAY_LOCAL_MESSAGE(socket_written)
SPILLWAY_LOCAL_MESSAGE(socket_silent)
SPILLWAY_LOCAL_MESSAGE(socket_stalled)
SPILLWAY_LOCAL_MESSAGE(socket_gone)
SPILLWAY_LOCAL_MESSAGE(subscribe)
SPILLWAY_LOCAL_MESSAGE(next_batch)
SPILLWAY_LOCAL_MESSAGE(unsubscribe)
SPILLWAY_LOCAL_MESSAGE(retirement_granted)
SPILLWAY_LOCAL_MESSAGE(go_on)
SPILLWAY_LOCAL_MESSAGE(describe)
SPILLWAY_LOCAL_MESSAGE(report_streams)
SPILLWAY_LOCAL_MESSAGE(described)
SPILLWAY_LOCAL_MESSAGE(open_stream)
SPILLWAY_LOCAL_MESSAGE(access_to_check)
SPILLWAY_LOCAL_MESSAGE(end_access)
SPILLWAY_LOCAL_MESSAGE(containers_listed)
SPILLWAY_LOCAL_MESSAGE(redirect)
SPILLWAY_LOCAL_MESSAGE(retiring)
SPILLWAY_LOCAL_MESSAGE(start_run)
SPILLWAY_LOCAL_MESSAGE(cancel_run)
SPILLWAY_LOCAL_MESSAGE(run_changed)
SPILLWAY_LOCAL_MESSAGE(list_deploying)
SPILLWAY_LOCAL_MESSAGE(tail_process_log)
SPILLWAY_LOCAL_MESSAGE(process_log_lines)
SPILLWAY_LOCAL_MESSAGE(end_sessions)
SPILLWAY_LOCAL_MESSAGE(stop_runs)
SPILLWAY_LOCAL_MESSAGE(followed_chunk)
SPILLWAY_LOCAL_MESSAGE(backfill_chunk)
SPILLWAY_LOCAL_MESSAGE(replay_chunk)
SPILLWAY_LOCAL_MESSAGE(linger_over)
SPILLWAY_LOCAL_MESSAGE(until_passed)
SPILLWAY_LOCAL_MESSAGE(run_recorded)
SPILLWAY_LOCAL_MESSAGE(frames_recorded)
SPILLWAY_LOCAL_MESSAGE(end_recorded)
SPILLWAY_LOCAL_MESSAGE(closing_over)
SPILLWAY_LOCAL_MESSAGE(record_end)
SPILLWAY_LOCAL_MESSAGE(transcript_read)
SPILLWAY_LOCAL_MESSAGE(compose_said)
SPILLWAY_LOCAL_MESSAGE(start_wait_over)
SPILLWAY_LOCAL_MESSAGE(recent_over)
SPILLWAY_LOCAL_MESSAGE(slot_granted)
SPILLWAY_LOCAL_MESSAGE(place_in_line)
SPILLWAY_LOCAL_MESSAGE(acquire_slot)
SPILLWAY_LOCAL_MESSAGE(release_slot)
#undef SPILLWAY_LOCAL_MESSAGE
