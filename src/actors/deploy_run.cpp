#include "actors/deploy_run.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "protocol/frames.hpp"

namespace spillway::actors {

namespace {

constexpr int interrupted_exit_code = 130;

/// Of one run in memory, however long its lines; the transcript has the rest.
constexpr std::size_t run_bytes = 16 << 20;

fanout::options run_options(const dependencies& deps) {
  return {.ring = {.bytes = run_bytes, .frames = deps.settings.deploy.transcript_lines},
          .window = deps.settings.stream.window_bytes,
          .lag = lag_policy::reread,
          .skip_notice = nullptr};
}

}  // namespace

deploy_run::deploy_run(const dependencies& deps, run_request request, std::string id,
                       audience::owner_handle owner, audience::behind_handler on_behind)
    : deps_(deps),
      request_(std::move(request)),
      record_{.id = std::move(id),
              .app = request_.app.text(),
              .action = request_.action,
              .status = "running",
              .exit_code = 0,
              .user = request_.user,
              .started_at = deps.now(),
              .finished_at = {}},
      action_(request_.steps.empty() ? request_.action : request_.steps.front().action),
      viewers_(run_options(deps), std::move(owner), std::move(on_behind)) {}

deploy_run::~deploy_run() {
  if (closed()) return;
  // The broker failed. Its viewers learn that from its death; the record must not stay open.
  say("[spillway] this deploy was given up after an internal error");
  close("failed", interrupted_exit_code);
  deps_.journal.append(record_.app, record_.id, take_unrecorded(), [](auto) {});
  deps_.journal.finish(record_, [then = take_then()](auto) {
    if (then) then(false);
  });
}

const run_step& deploy_run::begin_next_step() {
  const run_step& step = request_.steps[next_step_++];
  action_ = step.action;
  return step;
}

void deploy_run::say(std::string_view output) {
  scratch_.clear();
  protocol::append_deploy_frame(scratch_, deps_.now(), action_, output);
  deps_.meters->came_in(stream_kind::deploy, 1, scratch_.size());
  record_frame();
  viewers_.append(scratch_);
}

void deploy_run::close(std::string_view status, int exit_code) {
  record_.status = status;
  record_.exit_code = exit_code;
  record_.finished_at = deps_.now();
  scratch_.clear();
  protocol::append_deploy_final_frame(scratch_, record_.finished_at, action_, status, exit_code);
  record_frame();
  spdlog::info("[deploy] {} of {} ended: {}", record_.id, record_.app, record_.status);
}

void deploy_run::show_end() {
  viewers_.append(scratch_);
  viewers_.seal(end_cause::deploy_finished);
}

void deploy_run::record_frame() {
  if (viewers_.ring().end() % checkpoint_distance == 0) checkpoints_.push_back(written_);
  if (!recorded_) return;
  written_ += scratch_.size() + 1;
  unrecorded_ += scratch_;
  unrecorded_ += '\n';
}

deploy_run::place deploy_run::find(sequence frame) const {
  // There are none of frames that were not recorded.
  const auto i =
      std::min(static_cast<std::size_t>(frame / checkpoint_distance), checkpoints_.size() - 1);
  return {checkpoints_[i], static_cast<sequence>(i) * checkpoint_distance};
}

}  // namespace spillway::actors
