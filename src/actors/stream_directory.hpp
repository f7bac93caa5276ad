// What the supervisor does; supervisor.cpp makes an actor of it.
#pragma once

#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "actors/access_register.hpp"
#include "actors/dependencies.hpp"
#include "actors/messages.hpp"
#include "actors/restart_limit.hpp"

namespace spillway::actors {

/// Which publisher serves which key, and who watches. A publisher that fails is forgotten: its
/// sessions see its death themselves (1011), the next viewer gets a fresh one, unless it keeps
/// failing (see restart_limit). Context: the supervisor.
class stream_directory {
 public:
  stream_directory(supervisor_actor::pointer self, const dependencies& deps);
  /// Ends every actor: none outlives the supervisor, however it ends.
  ~stream_directory();

  void on_open(const open_stream& m);
  void on_access_to_check(const access_to_check& m) {
    m.answer(access_.to_check(m.version, m.now));
  }
  void on_end_access(const end_access& m);
  void on_containers(const containers_listed& m);
  void on_redirect(const redirect& m) { route(m.viewer); }
  void on_retiring(const retiring& m);
  void on_start_run(const start_run& m);
  void on_cancel_run(const cancel_run& m);
  void on_run_changed(const run_changed& m);
  void on_list_deploying(const list_deploying& m) { m.answer(running_); }
  void on_tail(const tail_process_log& m);
  void on_process_log(const process_log_lines& m);
  void on_end_sessions(const end_sessions& m);
  void on_stop_runs(const stop_runs& m);
  void on_report_streams(const report_streams& m);
  void on_described(const described& m);
  void on_down(const caf::down_msg& down);

 private:
  struct publisher {
    publisher_actor handle;
    /// The same actor by its own type, where the directory talks to it beyond viewers.
    deploy_broker_actor broker;
    process_log_actor process_log;
    /// Of a container's log.
    std::string app;
    std::string service;
    std::uint32_t replica = 0;
  };
  struct opened {
    session_actor session;
    /// Where it was sent to last; null until its publisher is known.
    publisher_actor publisher;
    held_access_ptr access;
    viewer_report known;
  };
  struct gathering {
    reply<streams_report> answer;
    std::size_t missing;
    streams_report made;
  };

  void route(const subscribe& viewer);
  void locate(const subscribe& viewer);
  publisher* assign(const std::string& key, const subscribe& viewer);
  publisher& find_or_start(const std::string& key);
  publisher start(const std::string& key);
  void complete(publisher_report& report) const;
  void refuse(const subscribe& viewer, end_cause cause, std::string detail = {});

  supervisor_actor::pointer self_;
  const dependencies& deps_;
  deploy_queue_actor queue_;
  subscriber_id last_id_ = 0;
  access_register access_;
  std::unordered_map<subscriber_id, opened> sessions_;
  std::unordered_map<caf::actor_addr, subscriber_id> session_ids_;
  std::unordered_map<std::string, publisher> publishers_;
  std::unordered_map<caf::actor_addr, std::string> keys_;
  /// Viewers whose project's containers are being asked for, by project: one question for all.
  std::unordered_map<std::string, std::vector<subscribe>> locating_;
  restart_limit failures_;
  std::set<std::string> running_;
  std::uint64_t last_report_ = 0;
  std::unordered_map<std::uint64_t, gathering> gatherings_;
  bool stopping_ = false;
  std::vector<reply<bool>> when_sessions_gone_;
};

}  // namespace spillway::actors
