#include "actors/stream_directory.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <caf/actor_system.hpp>
#include <caf/send.hpp>
#include <type_traits>
#include <unordered_set>
#include <utility>

#include "actors/audited_stream.hpp"
#include "actors/container_choice.hpp"
#include "actors/container_log.hpp"
#include "actors/deploy_broker.hpp"
#include "actors/deploy_queue.hpp"
#include "actors/process_log.hpp"
#include "actors/session.hpp"
#include "actors/spawned.hpp"

namespace spillway::actors {

namespace {

const std::string process_log_key = "process";
constexpr std::string_view deploy_prefix = "deploy:";
constexpr std::string_view container_prefix = "container:";

std::string deploy_key(std::string_view app) {
  return std::string(deploy_prefix).append(app);
}

template <class Handle>
void kill(const Handle& actor) {
  caf::anon_send_exit(actor, caf::exit_reason::kill);
}

}  // namespace

stream_directory::stream_directory(supervisor_actor::pointer self, const dependencies& deps)
    : self_(self), deps_(deps) {
  queue_ = spawned([&] {
    return self_->system().spawn(deploy_queue, std::size_t{deps.settings.deploy.max_concurrent});
  });
  find_or_start(process_log_key);
}

// --- viewers ------------------------------------------------------------------------------------

void stream_directory::on_open(const open_stream& m) {
  const subscriber_id id = ++last_id_;
  const auto opened_at = deps_.now();
  std::optional<viewer_connection::strand_type> strand;
  if (deps_.sessions_on_strands) strand = m.connection->strand();
  const session_actor s = spawned([&] {
    return self_->system().spawn<session>(
        strand, id, m.connection,
        audited_stream(deps_, opened_stream_of(m.from, m.request, opened_at), kind_of(m.request)));
  });
  self_->monitor(s);
  viewer_report known;
  known.id = id;
  known.user = m.from.who.user;
  known.address = m.from.address.to_string();
  known.opened_at = opened_at;
  sessions_.emplace(id, opened{s, {}, access_.hold(m.from.who, m.request), std::move(known)});
  session_ids_.emplace(s.address(), id);
  const auto form = m.connection->takes_deflated() ? protocol::payload_form::deflated
                                                   : protocol::payload_form::plain;
  route({id, {s, form, std::make_shared<demand>()}, m.request});
}

void stream_directory::on_end_access(const end_access& m) {
  const std::unordered_set<held_access_ptr> ended(m.ended.begin(), m.ended.end());
  for (const auto& [id, open] : sessions_) {
    if (ended.contains(open.access)) {
      caf::anon_send(open.session, finish{end_cause::access_ended, {}});
    }
  }
}

void stream_directory::route(const subscribe& viewer) {
  if (!sessions_.contains(viewer.id)) return;  // gone on the way between two publishers
  if (stopping_) return refuse(viewer, end_cause::shutting_down);
  std::visit(
      [&](const auto& wanted) {
        using request = std::decay_t<decltype(wanted)>;
        if constexpr (std::is_same_v<request, protocol::invalid_request>) {
          refuse(viewer, end_cause::invalid_parameter, wanted.message);
        } else if constexpr (std::is_same_v<request, protocol::process_log_request>) {
          assign(process_log_key, viewer);
        } else if constexpr (std::is_same_v<request, protocol::deploy_logs_request>) {
          assign(deploy_key(viewer.request.app->text()), viewer);
        } else {
          locate(viewer);
        }
      },
      viewer.request.what);
}

void stream_directory::locate(const subscribe& viewer) {
  const std::string project =
      protocol::compose_project(deps_.settings.docker.project_prefix, *viewer.request.app);
  auto& waiting = locating_[project];
  waiting.push_back(viewer);
  if (waiting.size() > 1) return;
  deps_.engine.list(project, [me = supervisor_actor(self_), project](auto containers) {
    caf::anon_send(me, containers_listed{project, std::move(containers)});
  });
}

void stream_directory::on_containers(const containers_listed& m) {
  auto node = locating_.extract(m.project);
  if (node.empty()) return;
  for (const subscribe& viewer : node.mapped()) {
    if (!sessions_.contains(viewer.id)) continue;  // gone while the engine was asked
    if (!m.containers) {
      refuse(viewer, end_cause::source_failed, m.containers.error().message);
      continue;
    }
    const auto& wanted = std::get<protocol::container_logs_request>(viewer.request.what);
    const auto found = choose_container(*m.containers, wanted.service, wanted.replica);
    if (!found) {
      refuse(viewer, end_cause::container_not_found);
    } else if (stopping_) {
      refuse(viewer, end_cause::shutting_down);
    } else {
      publisher* p = assign(std::string(container_prefix) + found->id, viewer);
      if (!p || !p->app.empty()) continue;
      p->app = viewer.request.app->text();
      p->service = found->service;
      p->replica = found->replica;
    }
  }
}

/// Null where the publisher fails too often.
stream_directory::publisher* stream_directory::assign(const std::string& key,
                                                      const subscribe& viewer) {
  if (failures_.backing_off(key, self_->clock().now())) {
    refuse(viewer, end_cause::publisher_backing_off);
    return nullptr;
  }
  publisher& p = find_or_start(key);
  sessions_.at(viewer.id).publisher = p.handle;
  // In this order: the session watches its publisher before anything can come from it.
  caf::anon_send(viewer.to.session, attached{p.handle, viewer.to.readiness});
  caf::anon_send(p.handle, viewer);
  return &p;
}

void stream_directory::refuse(const subscribe& viewer, end_cause cause, std::string detail) {
  caf::anon_send(viewer.to.session, finish{cause, std::move(detail)});
}

// --- publishers ---------------------------------------------------------------------------------

stream_directory::publisher& stream_directory::find_or_start(const std::string& key) {
  auto found = publishers_.find(key);
  if (found != publishers_.end()) return found->second;
  publisher p = start(key);
  self_->monitor(p.handle);
  keys_.emplace(p.handle.address(), key);
  return publishers_.emplace(key, std::move(p)).first->second;
}

stream_directory::publisher stream_directory::start(const std::string& key) {
  auto& system = self_->system();
  const supervisor_actor me(self_);
  publisher p;
  if (key == process_log_key) {
    p.process_log = spawned([&] { return system.spawn(process_log, &deps_); });
    p.handle = p.process_log;
  } else if (key.starts_with(deploy_prefix)) {
    p.broker = spawned([&] { return system.spawn(deploy_broker, &deps_, queue_, me); });
    p.handle = p.broker;
  } else {
    p.handle = spawned([&] {
      return system.spawn(container_log, &deps_, key, key.substr(container_prefix.size()), me);
    });
  }
  return p;
}

void stream_directory::on_retiring(const retiring& m) {
  auto found = publishers_.find(m.key);
  if (found != publishers_.end() && found->second.handle == m.publisher) publishers_.erase(found);
  caf::anon_send(m.publisher, retirement_granted{});
}

void stream_directory::on_down(const caf::down_msg& down) {
  if (auto s = session_ids_.extract(down.source)) {
    const auto gone = sessions_.extract(s.mapped());
    // What the session said itself may have come before the publisher knew of it, and one that was
    // gone before it was attached said nothing.
    const publisher_actor& served_by = gone.mapped().publisher;
    if (served_by) caf::anon_send(served_by, unsubscribe{s.mapped()});
    if (sessions_.empty()) {
      for (auto& answer : std::exchange(when_sessions_gone_, {})) answer(true);
    }
    return;
  }
  auto p = keys_.extract(down.source);
  if (!p) return;
  const std::string& key = p.mapped();
  auto entry = publishers_.find(key);
  if (entry != publishers_.end() && entry->second.handle.address() == down.source) {
    publishers_.erase(entry);
  }
  if (!down.reason) return;  // it retired
  spdlog::error("[actors] the publisher {} failed; its next viewer gets a fresh one", key);
  failures_.failed(key, self_->clock().now());
  // Lines must find a process log whether someone watches or not.
  if (key == process_log_key && !stopping_) find_or_start(process_log_key);
}

// --- deploys and the process log ----------------------------------------------------------------

void stream_directory::on_start_run(const start_run& m) {
  const std::string key = deploy_key(m.request.app.text());
  if (stopping_) return m.answer(tl::unexpected(run_refusal::stopping));
  caf::anon_send(find_or_start(key).broker, m);
}

void stream_directory::on_cancel_run(const cancel_run& m) {
  auto found = publishers_.find(deploy_key(m.app));
  if (found == publishers_.end()) return m.answer(false);
  caf::anon_send(found->second.broker, m);
}

void stream_directory::on_run_changed(const run_changed& m) {
  if (m.running) {
    running_.insert(m.app);
  } else {
    running_.erase(m.app);
  }
}

void stream_directory::on_tail(const tail_process_log& m) {
  caf::anon_send(find_or_start(process_log_key).process_log, m);
}

void stream_directory::on_process_log(const process_log_lines& m) {
  caf::anon_send(find_or_start(process_log_key).process_log, m);
}

// --- the report ---------------------------------------------------------------------------------

void stream_directory::on_report_streams(const report_streams& m) {
  const std::uint64_t number = ++last_report_;
  gathering& g =
      gatherings_.emplace(number, gathering{m.answer, publishers_.size(), {}}).first->second;
  g.made.viewers = sessions_.size();
  g.made.supervisor_mailbox = self_->mailbox().size();
  if (g.missing == 0) {
    g.answer(std::move(g.made));
    gatherings_.erase(number);
    return;
  }
  for (const auto& [key, p] : publishers_) {
    auto back = [me = supervisor_actor(self_), number, key = key](auto report) {
      caf::anon_send(
          me, described{number, key,
                        std::make_shared<std::optional<publisher_report>>(std::move(report))});
    };
    caf::anon_send(p.handle, describe{{std::move(back), std::nullopt}});
  }
}

void stream_directory::on_described(const described& m) {
  const auto found = gatherings_.find(m.report);
  if (found == gatherings_.end()) return;
  gathering& g = found->second;
  if (auto& report = *m.publisher) {
    report->key = m.key;
    complete(*report);
    g.made.publishers.push_back(std::move(*report));
  }
  if (--g.missing != 0) return;
  std::ranges::sort(g.made.publishers, {}, &publisher_report::key);
  g.answer(std::move(g.made));
  gatherings_.erase(found);
}

/// With what the publisher does not know.
void stream_directory::complete(publisher_report& report) const {
  if (report.kind == stream_kind::deploy) report.app = report.key.substr(deploy_prefix.size());
  if (const auto p = publishers_.find(report.key);
      p != publishers_.end() && report.kind == stream_kind::container) {
    report.app = p->second.app;
    report.service = p->second.service;
    report.replica = p->second.replica;
  }
  for (viewer_report& viewer : report.viewers) {
    const auto s = sessions_.find(viewer.id);
    if (s == sessions_.end()) continue;
    viewer.user = s->second.known.user;
    viewer.address = s->second.known.address;
    viewer.opened_at = s->second.known.opened_at;
  }
  std::ranges::sort(report.viewers, {}, &viewer_report::id);
}

// --- the end ------------------------------------------------------------------------------------

void stream_directory::on_end_sessions(const end_sessions& m) {
  stopping_ = true;
  if (sessions_.empty()) return m.answer(true);
  when_sessions_gone_.push_back(m.answer);
  for (auto& [id, open] : sessions_)
    caf::anon_send(open.session, finish{end_cause::shutting_down, {}});
}

void stream_directory::on_stop_runs(const stop_runs& m) {
  stopping_ = true;
  // The answer falls due when the last broker has let go of its copy.
  const auto all_done =
      std::shared_ptr<void>(nullptr, [answer = m.answer](void*) { answer(true); });
  for (auto& [key, p] : publishers_) {
    if (!p.broker) continue;
    caf::anon_send(p.broker, stop_runs{m.now, reply<bool>([all_done](bool) {}, true)});
  }
}

stream_directory::~stream_directory() {
  for (auto& [id, open] : sessions_) kill(open.session);
  for (auto& [key, p] : publishers_) kill(p.handle);
  kill(queue_);
}

}  // namespace spillway::actors
