#include "actors/deploy_broker_publisher.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <caf/send.hpp>
#include <chrono>
#include <utility>

#include "actors/batch_builder.hpp"
#include "protocol/frames.hpp"

namespace spillway::actors {

namespace {

/// Exit code of a run that was ended from outside before compose could say one.
constexpr int ended_from_outside = 130;
/// What viewers of a run that has ended wait for its record at most.
constexpr std::chrono::seconds closing_limit{5};
/// Between tries to record an end, each wait twice as long as the one before.
constexpr std::chrono::seconds first_retry{1};
constexpr std::chrono::seconds last_retry{30};

}  // namespace

deploy_broker_publisher::deploy_broker_publisher(deploy_broker_actor::pointer self,
                                                 const dependencies& deps, deploy_queue_actor queue,
                                                 supervisor_actor supervisor)
    : self_(self), deps_(deps), queue_(std::move(queue)), supervisor_(std::move(supervisor)) {}

deploy_broker_publisher::~deploy_broker_publisher() {
  if (run_ && !run_->over()) caf::anon_send(supervisor_, run_changed{app_, false});
}

// --- the run ------------------------------------------------------------------------------------

void deploy_broker_publisher::on_start(const start_run& m) {
  if (stopping_) return m.answer(tl::unexpected(run_refusal::stopping));
  if (state_ != state::idle) return m.answer(tl::unexpected(run_refusal::busy));
  set_aside_last_run();
  state_ = state::recording;
  app_ = m.request.app.text();
  start_answer_ = m.answer;
  run_ = make_run(m.request);
  caf::anon_send(supervisor_, run_changed{app_, true});
  deps_.journal.begin(run_->record(), [to = me(), id = run_->id()](auto result) {
    caf::anon_send(to, run_recorded{id, std::move(result)});
  });
}

std::unique_ptr<deploy_run> deploy_broker_publisher::make_run(const run_request& request) {
  auto id = deps_.new_deploy_id(deps_.now());
  auto behind = [this, id](subscriber_id viewer, sequence wanted) {
    if (deploy_run* run = run_of(id)) on_behind(*run, viewer, wanted);
  };
  return std::make_unique<deploy_run>(
      deps_, request, id, [this] { return publisher_actor(me()); }, std::move(behind));
}

void deploy_broker_publisher::on_run_recorded(const run_recorded& m) {
  if (state_ != state::recording || m.deploy_id != run_->id()) return;
  if (!m.result) {
    spdlog::error("[deploy] a deploy of {} could not be recorded: {}", app_, m.result.error());
    std::exchange(start_answer_, {})(tl::unexpected(run_refusal::unrecorded));
    run_->say("[spillway] this deploy could not be recorded, so it was not started");
    return end_run("failed", ended_from_outside);
  }
  for (auto& [id, to] : std::exchange(waiting_, {})) run_->viewers().join(id, to, 0);
  state_ = state::queued;
  std::exchange(start_answer_, {})(run_->id());
  if (run_->cancelled) return end_unstarted("cancelled", "cancelled before it started");
  if (stopping_) return end_unstarted("failed", "the server is shutting down");
  caf::anon_send(queue_, acquire_slot{me()});
}

void deploy_broker_publisher::on_place_in_line(std::size_t place) {
  if (state_ != state::queued) return;
  run_->say(fmt::format("[spillway] waiting for other deploys, place {} in line", place));
  show_frames();
}

void deploy_broker_publisher::on_slot_granted() {
  if (state_ != state::queued) return;
  state_ = state::running;
  spdlog::info("[deploy] {} of {} started by {}", run_->id(), app_, run_->record().user);
  if (!run_->has_next_step()) return end_run("success", 0);
  start_step();
}

void deploy_broker_publisher::start_step() {
  const run_step& step = run_->begin_next_step();
  compose_command command{run_->id(), run_->request().project, run_->request().compose_file,
                          step.arguments};
  run_->process = deps_.compose.start(std::move(command), [to = me(), n = ++step_](auto output) {
    caf::anon_send(to, compose_said{n, std::move(output)});
  });
  run_->process->read();
}

void deploy_broker_publisher::on_compose_said(const compose_said& m) {
  if (state_ != state::running || m.step != step_) return;
  for (const auto& line : m.output->lines) run_->say(line);
  if (m.output->exit) return step_over(*m.output->exit);
  read_wanted_ = true;
  show_frames();
  read_on();
}

/// Not before the journal has what was said so far.
void deploy_broker_publisher::read_on() {
  if (recording_frames_ || state_ != state::running) return;
  if (std::exchange(read_wanted_, false)) run_->process->read();
}

void deploy_broker_publisher::step_over(const compose_exit& exit) {
  run_->process.reset();
  if (!exit.failure.empty()) run_->say(exit.failure);
  if (run_->cancelled) return end_run("cancelled", exit.code);
  if (run_->interrupted) {
    run_->say("[spillway] ended because the server is shutting down");
    return end_run("failed", exit.code == 0 ? ended_from_outside : exit.code);
  }
  if (exit.code != 0) return end_run("failed", exit.code);
  if (!run_->has_next_step()) return end_run("success", 0);
  show_frames();
  start_step();
}

void deploy_broker_publisher::end_unstarted(std::string_view status, std::string_view why) {
  run_->say(fmt::format("[spillway] {}", why));
  end_run(status, ended_from_outside);
}

void deploy_broker_publisher::end_run(std::string_view status, int exit_code) {
  for (auto& [id, to] : std::exchange(waiting_, {})) run_->viewers().join(id, to, 0);
  state_ = state::closing;
  read_wanted_ = false;
  caf::anon_send(queue_, release_slot{me()});
  run_->close(status, exit_code);
  record_frames();
  run_->viewers().pump();
  unrecorded_ends_.insert_or_assign(run_->id(), unrecorded_end{run_->record()});
  auto recorded = [to = me(), id = run_->id(), then = run_->take_then(),
                   ok = status == "success"](auto result) {
    if (then) then(ok);
    caf::anon_send(to, end_recorded{id, std::move(result)});
  };
  deps_.journal.finish(run_->record(), std::move(recorded));
  self_->delayed_send(me(), closing_limit, closing_over{run_->id()});
}

void deploy_broker_publisher::on_end_recorded(const end_recorded& m) {
  const auto found = unrecorded_ends_.find(m.deploy_id);
  if (found == unrecorded_ends_.end()) return;
  unsigned& failures = found->second.failures;
  if (m.result) {
    if (failures > 0) spdlog::info("[deploy] the end of {} is recorded now", m.deploy_id);
    unrecorded_ends_.erase(found);
  } else {
    const auto wait = std::min(first_retry * (1 << std::min(failures, 5U)), last_retry);
    if (failures++ == 0) {
      spdlog::error("[deploy] the end of {} was not recorded, and is tried again: {}", m.deploy_id,
                    m.result.error());
    }
    self_->delayed_send(me(), wait, record_end{m.deploy_id});
  }
  if (state_ == state::closing && m.deploy_id == run_->id()) show_end();
}

void deploy_broker_publisher::on_record_end(const std::string& deploy_id) {
  const auto found = unrecorded_ends_.find(deploy_id);
  if (found == unrecorded_ends_.end()) return;
  deps_.journal.finish(found->second.record, [to = me(), deploy_id](auto result) {
    caf::anon_send(to, end_recorded{deploy_id, std::move(result)});
  });
}

void deploy_broker_publisher::on_closing_over(const std::string& deploy_id) {
  if (state_ != state::closing || deploy_id != run_->id()) return;
  spdlog::error("[deploy] the end of {} is not recorded in time, it is shown without", deploy_id);
  show_end();
}

void deploy_broker_publisher::show_end() {
  state_ = state::idle;
  // Before the final frame: who saw it sees no running deploy, either.
  caf::anon_send(supervisor_, run_changed{app_, false});
  run_->show_end();
  // At once where there is none: who comes after the end does not see it.
  const auto window = deps_.settings.deploy.recent_window;
  if (window == window.zero()) {
    set_aside_last_run();
  } else {
    self_->delayed_send(me(), window, recent_over{run_->id()});
  }
  for (auto& answer : std::exchange(stop_answers_, {})) answer(true);
}

/// Viewers get what was said at once; compose goes on when the journal has it. The journal first: a
/// viewer whom so many lines overtake reads them there.
void deploy_broker_publisher::show_frames() {
  record_frames();
  run_->viewers().pump();
}

void deploy_broker_publisher::record_frames() {
  if (recording_frames_ && !run_->closed()) return;
  if (!run_->has_unrecorded()) return;
  recording_frames_ = true;
  deps_.journal.append(app_, run_->id(), run_->take_unrecorded(),
                       [to = me(), id = run_->id()](auto result) {
                         caf::anon_send(to, frames_recorded{id, std::move(result)});
                       });
}

void deploy_broker_publisher::on_frames_recorded(const frames_recorded& m) {
  if (!run_ || m.deploy_id != run_->id()) return advance_replays_of(m.deploy_id);
  recording_frames_ = false;
  if (!m.result) give_up_recording(m.result.error());
  if (run_->has_unrecorded()) record_frames();
  advance_replays_of(m.deploy_id);
  read_on();
}

/// The run goes on: those who watch still see it, and are told.
void deploy_broker_publisher::give_up_recording(const std::string& why) {
  if (!run_->stop_recording()) return;
  spdlog::error("[deploy] the transcript of {} is incomplete: {}", run_->id(), why);
  if (run_->closed()) return;
  run_->say("[spillway] from here on this deploy is shown, but not recorded");
  run_->viewers().pump();
}

void deploy_broker_publisher::on_cancel(const cancel_run& m) {
  const bool goes_on = state_ != state::idle && state_ != state::closing &&
                       (!m.deploy_id || *m.deploy_id == run_->id());
  m.answer(goes_on);
  if (!goes_on) return;
  run_->cancelled = true;
  if (state_ == state::queued) return end_unstarted("cancelled", "cancelled before it started");
  if (state_ == state::running) run_->process->terminate();
}

void deploy_broker_publisher::on_stop(const stop_runs& m) {
  stopping_ = true;
  if (state_ == state::idle) return m.answer(true);
  stop_answers_.push_back(m.answer);
  if (state_ == state::queued) return end_unstarted("failed", "the server is shutting down");
  if (m.now && state_ == state::running) {
    run_->interrupted = true;
    run_->process->terminate();
  }
}

void deploy_broker_publisher::on_recent_over(const std::string& deploy_id) {
  if (run_ && run_->over() && run_->id() == deploy_id) set_aside_last_run();
}

void deploy_broker_publisher::set_aside_last_run() {
  recording_frames_ = false;
  if (!run_) return;
  const std::string id = run_->id();
  if (!run_->viewers().empty()) old_runs_.push_back(std::move(run_));
  run_.reset();
  advance_replays_of(id);
}

deploy_run* deploy_broker_publisher::run_of(const std::string& deploy_id) {
  if (run_ && run_->id() == deploy_id) return run_.get();
  for (auto& run : old_runs_) {
    if (run->id() == deploy_id) return run.get();
  }
  return nullptr;
}

// --- viewers ------------------------------------------------------------------------------------

void deploy_broker_publisher::on_subscribe(const subscribe& m) {
  const auto& wanted = std::get<protocol::deploy_logs_request>(m.request.what).deploy_id;
  if (app_.empty()) app_ = m.request.app->text();
  if (run_ && (!wanted || *wanted == run_->id())) {
    return run_->viewers().join(m.id, m.to, 0);
  }
  if (wanted) return replay(m.id, m.to, {.deploy_id = *wanted});
  waiting_.insert_or_assign(m.id, m.to);
  self_->delayed_send(me(), deps_.settings.deploy.start_wait, start_wait_over{m.id});
}

void deploy_broker_publisher::on_start_wait_over(subscriber_id id) {
  auto found = waiting_.find(id);
  // One that is being recorded will show, or say why it could not start.
  if (found == waiting_.end() || state_ == state::recording) return;
  std::string json;
  protocol::append_no_deploy_frame(json);
  batch_builder frame;
  frame.add(json);
  caf::anon_send(found->second.session, deliver{frame.finish()});
  caf::anon_send(found->second.session, finish{end_cause::nothing_to_stream, {}});
  waiting_.erase(found);
}

void deploy_broker_publisher::on_next(subscriber_id id) {
  if (auto found = replays_.find(id); found != replays_.end()) {
    found->second.wants_batch = true;
    return advance(id);
  }
  if (run_ && run_->viewers().has(id)) return run_->viewers().next(id);
  for (auto& run : old_runs_) {
    if (run->viewers().has(id)) return run->viewers().next(id);
  }
}

void deploy_broker_publisher::on_turn() {
  if (run_) run_->viewers().take_turn();
  for (auto& run : old_runs_) run->viewers().take_turn();
}

void deploy_broker_publisher::on_unsubscribe(subscriber_id id) {
  waiting_.erase(id);
  replays_.erase(id);
  if (run_) run_->viewers().leave(id);
  for (auto& run : old_runs_) run->viewers().leave(id);
  std::erase_if(old_runs_, [this](const auto& run) {
    return run->viewers().empty() && std::none_of(replays_.begin(), replays_.end(), [&](auto& r) {
             return r.second.at.deploy_id == run->id();
           });
  });
}

// --- transcripts --------------------------------------------------------------------------------

void deploy_broker_publisher::on_behind(deploy_run& run, subscriber_id id, sequence wanted) {
  recipient to = run.viewers().recipient_of(id);
  run.viewers().leave(id);
  const auto place = run.find(wanted);
  replay(id, std::move(to),
         {.deploy_id = run.id(),
          .offset = place.offset,
          .frame = place.frame,
          .wanted = wanted,
          .follows_run = true});
}

void deploy_broker_publisher::replay(subscriber_id id, recipient to, transcript_replay at) {
  replays_.insert_or_assign(id, replaying{std::move(to), std::move(at)});
  advance(id);
}

void deploy_broker_publisher::advance(subscriber_id id) {
  auto& r = replays_.at(id);
  if (!r.wants_batch || r.at.reading || join_if_caught_up(id, r)) return;
  if (r.at_end && !r.at.follows_run) {
    transcript_replay after_end;
    if (batch_ptr rest = frames_of(std::exchange(r.stand_in, {}), after_end, {})) {
      r.at.had_final_frame = after_end.had_final_frame;
      return deliver_replayed(r, std::move(rest));
    }
    // Its broker died, and the journal did not take the end.
    if (!r.at.had_final_frame)
      return finish_replay(id, end_cause::source_failed, "the end of this deploy was not recorded");
    return finish_replay(id, end_cause::deploy_finished, {});
  }
  r.at.reading = true;
  deps_.journal.read(app_, r.at.deploy_id, r.at.offset, deps_.settings.stream.window_bytes,
                     [to = me(), id](auto part) {
                       caf::anon_send(to, transcript_read{id, std::move(part)});
                     });
}

void deploy_broker_publisher::advance_replays_of(const std::string& deploy_id) {
  std::vector<subscriber_id> waiting;
  for (const auto& [id, r] : replays_) {
    if (r.at.deploy_id == deploy_id) waiting.push_back(id);
  }
  for (const subscriber_id id : waiting) {
    if (replays_.contains(id)) advance(id);
  }
}

/// Whether the journal has yet to take frames of this run.
bool deploy_broker_publisher::journal_lags(const deploy_run& run) const {
  return &run == run_.get() && (recording_frames_ || run.has_unrecorded());
}

bool deploy_broker_publisher::join_if_caught_up(subscriber_id id, replaying& r) {
  deploy_run* run = r.at.follows_run ? run_of(r.at.deploy_id) : nullptr;
  if (!run) {
    // Set aside meanwhile: the journal has all of it, more than when its end was seen last.
    if (std::exchange(r.at.follows_run, false)) r.at_end = false;
    return false;
  }
  if (r.at.frame < std::max(run->viewers().ring().first(), r.at.wanted)) return false;
  const sequence from = r.at.frame;
  recipient to = r.to;
  replays_.erase(id);
  run->viewers().join(id, std::move(to), from);
  return true;
}

void deploy_broker_publisher::on_transcript_read(const transcript_read& m) {
  auto found = replays_.find(m.id);
  if (found == replays_.end()) return;
  replaying& r = found->second;
  r.at.reading = false;
  if (!m.part) {
    const bool unknown = m.part.error() == "deploy not found";
    if (!unknown) {
      spdlog::error("[deploy] the transcript of {} cannot be read: {}", r.at.deploy_id,
                    m.part.error());
    }
    return finish_replay(m.id, unknown ? end_cause::deploy_not_found : end_cause::source_failed,
                         unknown ? "deploy not found" : "the transcript cannot be read");
  }
  deploy_run* run = r.at.follows_run ? run_of(r.at.deploy_id) : nullptr;
  std::optional<sequence> stop;
  if (run) stop = run->viewers().ring().first();
  r.at_end = m.part->at_end;
  r.stand_in = m.part->stand_in;
  if (batch_ptr frames = frames_of(m.part->frames, r.at, stop))
    return deliver_replayed(r, std::move(frames));
  if (r.at_end && run) {
    if (journal_lags(*run)) return;  // on_frames_recorded goes on
    return pass_over_unrecorded(*run, r);
  }
  advance(m.id);
}

/// The transcript on disk is shorter than the run, for the journal did not take all of it: the
/// viewer is told how many lines it will not see, and goes on with those in memory.
void deploy_broker_publisher::pass_over_unrecorded(const deploy_run& run, replaying& r) {
  const sequence next = std::max(r.at.frame, r.at.wanted);
  r.at.frame = std::max(next, run.viewers().ring().first());
  std::string json;
  protocol::append_deploy_frame(
      json, deps_.now(), run.action(),
      fmt::format("[spillway] {} lines were not recorded and cannot be shown any more",
                  r.at.frame - next));
  batch_builder notice;
  notice.add(json);
  deliver_replayed(r, notice.finish());
}

void deploy_broker_publisher::deliver_replayed(replaying& r, batch_ptr frames) {
  r.wants_batch = false;
  deliver_and_ask(r.to, std::move(frames));
}

void deploy_broker_publisher::finish_replay(subscriber_id id, end_cause cause, std::string detail) {
  caf::anon_send(replays_.at(id).to.session, finish{cause, std::move(detail)});
  on_unsubscribe(id);
}

// --- the report ---------------------------------------------------------------------------------

std::string_view deploy_broker_publisher::to_string(state which) {
  switch (which) {
    case state::idle:
      return "idle";
    case state::recording:
      return "recording";
    case state::queued:
      return "queued";
    case state::running:
      return "running";
    case state::closing:
      break;
  }
  return "closing";
}

publisher_report deploy_broker_publisher::report() const {
  publisher_report made;
  made.kind = stream_kind::deploy;
  made.state = to_string(state_);
  made.mailbox = self_->mailbox().size();
  // The current run last: its ring is the one that is shown.
  for (const auto& run : old_runs_) run->viewers().describe(made);
  if (run_) run_->viewers().describe(made);
  if (run_) made.deploy_id = run_->id();
  for (const auto& [id, to] : waiting_) made.viewers.push_back(report_of(id, to, "waiting"));
  for (const auto& [id, r] : replays_) made.viewers.push_back(report_of(id, r.to, "replaying"));
  return made;
}

}  // namespace spillway::actors
