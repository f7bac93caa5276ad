// A container of a simulated host.
#pragma once

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sim/host/alarm.hpp"
#include "sim/host/journal.hpp"
#include "sim/host/messages.hpp"
#include "sim/host/modelled_output.hpp"
#include "sim/host/port_register.hpp"
#include "sim/host/script_process.hpp"

namespace spillway::sim {

/// What all containers of a host share.
struct container_surroundings {
  boost::asio::io_context* io = nullptr;
  std::uint64_t seed = 0;
  std::size_t modelled_log_bytes = 1 << 20;
  std::size_t scripted_log_bytes = 32 << 20;
  /// Each container's folder is below; `base/bin` holds what scripts run.
  std::filesystem::path directory;
  isolation apart = isolation::none;
  std::filesystem::path program = "/proc/self/exe";
  journal* events = nullptr;
  port_register* ports = nullptr;
  std::chrono::milliseconds removal_takes{0};
};

/// Runs what its configuration says, keeps its log, and acts on requests and faults.
///
///     created ──start──▶ starting ──▶ running ──exit, stop, kill──▶ exited ──start──▶ starting …
///         └──────────────────────── remove ───────────────┴────────▶ removing ──▶ gone
///
/// Requests that take time are answered when they are done. Context: its actor.
class container : public container_actor::base {
 public:
  container(caf::actor_config& cfg, engine_actor engine, container_view_ptr view,
            const container_surroundings* around);

  behavior_type make_behavior() override;
  void on_exit() override;
  const char* name() const override { return "container"; }

 private:
  using clock = std::chrono::steady_clock;

  enum class phase { resting, starting, running, removing };

  // Life cycle.
  bool lives() const { return phase_ == phase::starting || phase_ == phase::running; }
  void start(action_reply answer);
  void start_script();
  void running(int pid);
  void ended(int exit_code);
  void stop(std::optional<std::chrono::seconds> within, action_reply answer);
  void kill(int signal);
  void remove(bool force, action_reply answer);
  void removed();
  void leave();
  void on_wake(const wake& why);

  // Output.
  void print_lines();
  void go_on_reading();
  script_process::handlers script_handlers();
  script_spec spec() const;

  void befall(const fault& what);
  void check_health();
  void on_health(int exit_code);

  bool starts_by_policy(int exit_code) const;
  void publish(const std::function<void(container_state&)>& change);
  void tell(std::string_view action,
            const std::vector<std::pair<std::string, std::string>>& more = {});
  void set_alarm(alarm& which, clock::time_point at, wake_reason why);
  std::filesystem::path root() const;

  engine_actor engine_;
  container_view_ptr view_;
  const container_surroundings* around_;
  container_log log_;
  std::optional<modelled_output> model_;
  std::shared_ptr<script_process> script_;
  std::shared_ptr<script_process> checker_;

  phase phase_ = phase::resting;
  /// Numbers starts: what belongs to an earlier one is not heard any more.
  std::uint64_t start_ = 0;
  std::optional<action_reply> start_answer_;
  std::vector<action_reply> until_ended_;
  std::vector<actors::reply<int>> waiting_;
  /// What follows the end: a start (restart), or that it is gone (remove).
  std::optional<action_reply> start_next_;
  std::optional<action_reply> remove_next_;
  std::optional<action_reply> removed_answer_;
  bool leaving_ = false;
  /// Somebody wanted it to end: then no restart policy starts it again.
  bool asked_to_end_ = false;
  /// It prints nothing until a reader has made room, or a fault comes.
  bool blocked_ = false;
  std::uint64_t wake_number_ = 0;
  std::uint64_t next_line_number_ = 0;
  int failed_checks_ = 0;

  alarm next_line_;
  alarm stop_overdue_;
  alarm right_clock_;
  alarm start_again_;
  alarm health_;
  alarm removed_;
};

}  // namespace spillway::sim
