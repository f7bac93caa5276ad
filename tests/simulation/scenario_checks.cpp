#include <fmt/format.h>

#include <caf/actor_registry.hpp>

#include "simulation/scenario.hpp"

namespace spillway::simulation {

using namespace actors;
using namespace std::chrono_literals;

void scenario::take_frame(viewer& v, const std::string& payload) {
  ++v.frames;
  if (v.log) {
    v.log->take(payload);
  } else if (v.deploys) {
    v.deploys->frames.push_back(payload);
  } else if (v.process_log) {
    v.process_log->take(payload);
  }
}

void scenario::count(outcome& out) const {
  out.viewers = viewers_.size();
  out.runs = runs_.size();
  for (const auto& v : viewers_) out.frames += v->frames;
}

void scenario::check_close(viewer& v, const protocol::close_frame& how) {
  const auto reason = how.reason.text();
  if (!endings_.admits(v, how))
    world_.broken(fmt::format("{} was closed with {} {} for no reason", v.name,
                              static_cast<int>(how.code), reason));
  if (v.log) v.log->check_end(how, v.quiet_before);
  // Whoever has left has had nothing more.
  if (v.deploys && !v.connection->left()) {
    v.deploys->finished = reason == "deploy finished";
    v.deploys->not_found = reason == "deploy not found";
    v.deploys->nothing = reason == "nothing to stream";
  }
}

/// Nothing is on its way: everyone has what there is, and nobody is left whose stream is over.
void scenario::check_quiet() {
  world_.run_until_quiet();
  for (const auto& v : viewers_) check_quiet(*v);
  for (const auto& q : questions_) {
    if (q->answers != 1)
      world_.broken(fmt::format("'{}' was answered {} times", q->what, q->answers));
  }
  questions_.clear();
  if (compose_.running() > plan_.settings.deploy.max_concurrent)
    world_.broken(fmt::format("{} compose commands run at once", compose_.running()));
}

void scenario::check_quiet(viewer& v) {
  if (!v.open()) return;
  if (!v.quiet_at) v.quiet_at = world_.timer_time();
  if (!v.connection->started()) return world_.broken(v.name + " was never started");
  const auto ended = facts_.access_ended.find(v.credential);
  if (ended != facts_.access_ended.end() && v.number <= ended->second.newest_viewer)
    return world_.broken(v.name + " goes on though its access has ended");
  if (v.connection->told_silent()) return world_.broken(v.name + " goes on though it is silent");
  if (v.connection->stuck() || v.connection->pending()) return;
  if (v.process_log) return v.process_log->check_caught_up(process_log_lines_);
  if (v.deploys) return check_quiet(v, *v.deploys);
  if (!v.log) return world_.broken(v.name + " goes on though its request is invalid");
  if (v.log->error()) return world_.broken(v.name + " goes on after its error");
  if (!engine_.available()) return;
  for (const auto& c : engine_.containers()) {
    if (c->info.project == v.project && c->stalled) return;
  }
  if (!v.wanted_log()->follow)
    return world_.broken(v.name + " goes on though its history has been read");
  v.log->check_caught_up();
  const auto* const c = v.log->container();
  if (c != nullptr && !c->running && v.wanted_log()->follow)
    world_.broken(v.name + " goes on though its container has exited");
}

void scenario::check_quiet(const viewer& v, const deploy_view& deploys) {
  if (deploys.frames.empty()) {
    const bool runs = std::any_of(runs_.begin(), runs_.end(), [&](const auto& run) {
      return run->app == deploys.app && !run->over();
    });
    const bool waited = world_.timer_time() - *v.quiet_at > plan_.settings.deploy.start_wait;
    if (waited && !runs) world_.broken(v.name + " waits though no deploy has started for long");
    return;
  }
  if (deploy_checker::is_last(deploys.frames.back()))
    return world_.broken(v.name + " goes on after its last frame");
  deploy_checker(world_, journal_, compose_).check_caught_up(deploys);
}

// --- the end ------------------------------------------------------------------------------------

void scenario::shut_down() {
  world_.note("shutdown");
  facts_.shutting_down = true;
  auto sessions_gone = new_question("end of sessions");
  auto runs_over = new_question("end of runs");
  caf::anon_send(root_, end_sessions{{[sessions_gone](bool) { ++sessions_gone->answers; }, true}});
  caf::anon_send(root_, stop_runs{false, {[](bool) {}, true}});
  if (world_.chance(0.5)) viewer_comes();
  world_.settle(std::chrono::milliseconds(world_.between(0, 20'000)));
  caf::anon_send(root_, stop_runs{true, {[runs_over](bool) { ++runs_over->answers; }, true}});
  journal_.heal();
  // Beyond the compose runner's grace, the closing handshakes, and the last try of the journal.
  world_.settle(100s);
  for (const auto& v : viewers_) {
    if (v->connection->stuck() && !v->connection->gone()) v->connection->leave();
  }
  check_quiet();
  auto deploying = new_question("deploying");
  caf::anon_send(root_, list_deploying{{[this, deploying](auto slugs) {
                                          ++deploying->answers;
                                          if (!slugs.empty())
                                            world_.broken(*slugs.begin() + " still deploys");
                                        },
                                        {}}});
  world_.run_until_quiet();
  caf::anon_send_exit(root_, caf::exit_reason::user_shutdown);
  root_ = nullptr;
  world_.settle(120s);
  check_nothing_left();
  check_audits();
  check_runs();
}

void scenario::check_nothing_left() {
  for (const auto& v : viewers_) {
    if (!v->connection->gone()) {
      world_.broken(v->name + " is left with an open connection");
    } else if (!v->connection->closed() && !v->connection->left() &&
               !v->connection->told_stalled()) {
      world_.broken(v->name + " went without a close frame");
    }
  }
  if (engine_.open_streams() != 0)
    world_.broken(fmt::format("{} logs are left open", engine_.open_streams()));
  if (compose_.running() != 0)
    world_.broken(fmt::format("{} compose commands are left", compose_.running()));
  if (world_.actors().registry().running() != 0)
    world_.broken(fmt::format("{} actors are left", world_.actors().registry().running()));
}

void scenario::check_audits() {
  if (audit_.entries().size() != viewers_.size())
    world_.broken(
        fmt::format("{} audited streams of {} viewers", audit_.entries().size(), viewers_.size()));
  for (const auto& [id, entry] : audit_.entries()) {
    if (!entry.closed) world_.broken(fmt::format("the end of audited stream {} is missing", id));
  }
}

void scenario::check_runs() {
  for (const auto& run : runs_) {
    if (run->answers != 1)
      world_.broken(fmt::format("a run of {} was answered {} times", run->app, run->answers));
    if (!run->id) continue;
    if (run->ends != 1)
      world_.broken(fmt::format("the end of {} was told {} times", *run->id, run->ends));
    const auto found = journal_.entries().find(*run->id);
    if (found == journal_.entries().end()) {
      world_.broken(*run->id + " is not recorded");
    } else if (found->second.record.status == "running" && plan_.journal.refuses_finish == 0) {
      world_.broken(*run->id + " is still recorded as running");
    }
  }
  std::vector<deploy_view> views;
  for (const auto& v : viewers_) {
    if (v->deploys) views.push_back(*v->deploys);
  }
  deploy_checker(world_, journal_, compose_).check(views);
}

}  // namespace spillway::simulation
