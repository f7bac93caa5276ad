#include "sim/host/container.hpp"

#include <signal.h>

#include <algorithm>
#include <utility>

#include "actors/actor_errors.hpp"
#include "sim/host/container_json.hpp"
#include "sim/host/tar_archive.hpp"

namespace spillway::sim {

namespace {

constexpr int killed_exit_code = 128 + SIGKILL;

api_error not_running(const container_view& of) {
  return {409, "Container " + of.id() + " is not running"};
}

api_error already_in_removal(const container_view& of) {
  return {409, "removal of container " + of.id() + " is already in progress"};
}

api_error marked_for_removal() {
  return {409, "container is marked for removal and cannot be started"};
}

}  // namespace

container::container(caf::actor_config& cfg, engine_actor engine, container_view_ptr view,
                     const container_surroundings* around)
    : container_actor::base(cfg),
      engine_(std::move(engine)),
      view_(std::move(view)),
      around_(around),
      log_(view_->config().model ? around->modelled_log_bytes : around->scripted_log_bytes,
           view_->config().tty ? log_form::raw : log_form::multiplexed,
           // A fault wants such bytes to come through.
           view_->config().model ? output_bytes::as_they_are : output_bytes::repaired),
      next_line_(*around->io),
      stop_overdue_(*around->io),
      right_clock_(*around->io),
      start_again_(*around->io),
      health_(*around->io),
      removed_(*around->io) {
  const container_config& config = view_->config();
  if (config.model) {
    model_.emplace(*config.model, seed_of(around_->seed, view_->name()), view_->life(), config.tty);
  }
}

container::behavior_type container::make_behavior() {
  actors::log_exceptions(*this, "container " + view_->name());
  tell("create");
  return {
      [this](const start_container& m) { start(m.answer); },
      [this](const stop_container& m) { stop(m.within, m.answer); },
      [this](const restart_container& m) {
        if (!lives()) return start(m.answer);
        start_next_ = m.answer;
        stop(m.within, {});
      },
      [this](const kill_container& m) {
        if (phase_ != phase::running) return m.answer(tl::unexpected(not_running(*view_)));
        if (m.signal == SIGKILL) {
          until_ended_.push_back(m.answer);
        } else {
          m.answer(action_outcome::done);
        }
        kill(m.signal);
      },
      [this](const remove_container& m) { remove(m.force, m.answer); },
      [this](const wait_container& m) {
        if (!lives()) return m.answer(view_->state().exit_code);
        waiting_.push_back(m.answer);
      },
      [this](const put_archive& m) {
        std::error_code ignored;
        std::filesystem::create_directories(root(), ignored);
        const auto wrong = unpack_tar(m.tar, root(), m.folder);
        if (wrong) return m.answer(tl::unexpected(api_error{500, *wrong}));
        m.answer(action_outcome::done);
      },
      [this](const open_log& m) { m.answer(log_.open(m.asked)); },
      [this](const read_log& m) {
        log_.read(m.reader, m.answer);
        go_on_reading();
      },
      [this](const close_log& m) {
        log_.close(m.reader);
        go_on_reading();
      },
      [this](const strike& m) { befall(m.what); },
      [this](const script_started& m) {
        if (m.start != start_ || phase_ != phase::starting) return;
        if (m.error.empty()) return running(m.pid);
        publish([&](container_state& state) { state.error = m.error; });
        if (auto answer = std::exchange(start_answer_, std::nullopt)) {
          (*answer)(tl::unexpected(api_error{
              400,
              "failed to create shim task: OCI runtime create failed: " + m.error + ": unknown"}));
        }
      },
      [this](const script_printed& m) {
        if (m.start != start_) return;
        log_.print(m.from, m.bytes);
        log_.serve();
        go_on_reading();
      },
      [this](const script_ended& m) {
        if (m.start == start_) ended(m.exit_code);
      },
      [this](const wake& m) { on_wake(m); },
      [this](const health_checked& m) {
        if (m.start == start_ && phase_ == phase::running) on_health(m.exit_code);
      },
      [this](halt) {
        leaving_ = true;
        if (!lives()) return leave();
        kill(SIGKILL);
      },
  };
}

void container::on_exit() {
  // Their handlers hold this actor.
  for (alarm* each :
       {&next_line_, &stop_overdue_, &right_clock_, &start_again_, &health_, &removed_}) {
    each->cancel();
  }
  if (script_) script_->abandon();
  if (checker_) checker_->abandon();
  script_.reset();
  checker_.reset();
  start_answer_.reset();
  start_next_.reset();
  remove_next_.reset();
  removed_answer_.reset();
  until_ended_.clear();
  waiting_.clear();
  destroy(engine_);
}

// --- life cycle
// -----------------------------------------------------------------------------------

void container::start(action_reply answer) {
  if (phase_ == phase::removing) return answer(tl::unexpected(marked_for_removal()));
  if (phase_ != phase::resting) return answer(action_outcome::was_so_already);
  if (const auto taken = around_->ports->claim(view_->config().published_ports, view_->id())) {
    return answer(tl::unexpected(api_error{
        500, "driver failed programming external connectivity on endpoint " + view_->name() + " (" +
                 view_->id() + "): Bind for 0.0.0.0:" + taken->substr(0, taken->find('/')) +
                 " failed: port is already allocated"}));
  }
  ++start_;
  phase_ = phase::starting;
  asked_to_end_ = false;
  start_answer_ = std::move(answer);
  start_again_.cancel();
  publish([](container_state& state) { state.error.clear(); });
  if (model_) return running(0);
  start_script();
}

void container::start_script() {
  std::error_code failed;
  for (const char* folder : {"bin", "dev", "etc", "proc", "root", "tmp"}) {
    std::filesystem::create_directories(root() / folder, failed);
  }
  script_ = std::make_shared<script_process>(*around_->io, script_handlers());
  script_->start(spec());
}

script_process::handlers container::script_handlers() {
  // What comes late is for an actor that is gone: the handle keeps its mailbox.
  const container_actor self{this};
  return {
      [self, start = start_](int pid, std::string error) {
        caf::anon_send(self, script_started{start, pid, std::move(error)});
      },
      [self, start = start_](output_kind from, std::string bytes) {
        caf::anon_send(self, script_printed{start, from, std::move(bytes)});
      },
      [self, start = start_](int exit_code) {
        caf::anon_send(self, script_ended{start, exit_code});
      },
  };
}

script_spec container::spec() const {
  const container_config& config = view_->config();
  script_spec spec;
  spec.program = around_->program;
  spec.words = config.words();
  if (spec.words.empty()) spec.words = {"sh"};
  spec.host_name = config.host_name.empty() ? view_->id().substr(0, 12) : config.host_name;
  spec.root = root();
  spec.tools = around_->directory / "base" / "bin";
  spec.working_directory = config.working_directory;
  spec.tty = config.tty;
  spec.apart = around_->apart;
  const std::string path =
      around_->apart == isolation::full ? "/bin" : spec.tools.string() + ":/usr/bin:/bin";
  spec.environment = {"PATH=" + path, "HOSTNAME=" + spec.host_name, "HOME=/root"};
  if (config.tty) spec.environment.emplace_back("TERM=xterm");
  spec.environment.insert(spec.environment.end(), config.environment.begin(),
                          config.environment.end());
  return spec;
}

void container::running(int pid) {
  phase_ = phase::running;
  log_.begin();
  publish([&](container_state& state) {
    state.phase = container_phase::running;
    state.pid = pid;
    state.exit_code = 0;
    state.started_at = log_.clock().now();
    if (view_->config().health) state.health = "starting";
  });
  tell("start");
  if (auto answer = std::exchange(start_answer_, std::nullopt)) (*answer)(action_outcome::done);
  failed_checks_ = 0;
  if (view_->config().health) {
    set_alarm(health_, clock::now() + view_->config().health->interval, wake_reason::check_health);
  }
  if (model_) {
    model_->start(clock::now());
    print_lines();
  } else if (script_) {
    script_->read();
  }
}

void container::ended(int exit_code) {
  if (!lives()) return;
  const bool ran = phase_ == phase::running;
  phase_ = phase::resting;
  around_->ports->release(view_->id());
  next_line_.cancel();
  stop_overdue_.cancel();
  health_.cancel();
  if (model_) model_->stop(clock::now());
  script_.reset();
  checker_.reset();
  // As in the Engine, the state is known a moment after the log has ended, or before: here before.
  publish([&](container_state& state) {
    state.phase = ran ? container_phase::exited : container_phase::created;
    state.pid = 0;
    state.exit_code = exit_code;
    if (ran) state.finished_at = log_.clock().now();
    if (!state.health.empty()) state.health = "unhealthy";
  });
  log_.end();
  if (ran) tell("die", {{"exitCode", std::to_string(exit_code)}});
  for (auto& each : std::exchange(until_ended_, {})) each(action_outcome::done);
  for (auto& each : std::exchange(waiting_, {})) each(exit_code);
  if (leaving_) return leave();
  if (auto answer = std::exchange(remove_next_, std::nullopt)) return remove(false, *answer);
  if (auto answer = std::exchange(start_next_, std::nullopt)) return start(*answer);
  if (starts_by_policy(exit_code)) {
    set_alarm(start_again_, clock::now() + std::chrono::milliseconds(100),
              wake_reason::start_again);
  }
}

void container::stop(std::optional<std::chrono::seconds> within, action_reply answer) {
  if (!lives()) return answer(action_outcome::was_so_already);
  until_ended_.push_back(std::move(answer));
  const int signal = signal_number(view_->config().stop_signal).value_or(SIGTERM);
  const auto patience = within.value_or(view_->config().stop_timeout);
  set_alarm(stop_overdue_, clock::now() + patience, wake_reason::stop_is_overdue);
  kill(signal);
}

void container::kill(int signal) {
  tell("kill", {{"signal", std::to_string(signal)}});
  asked_to_end_ = true;
  if (script_) return script_->signal(signal);
  // A modelled container obeys at once what would end a process.
  const bool deadly = signal == SIGKILL || signal == SIGTERM || signal == SIGINT ||
                      signal == SIGQUIT || signal == SIGHUP;
  if (deadly) ended(signal == SIGKILL ? killed_exit_code : 0);
}

void container::remove(bool force, action_reply answer) {
  if (phase_ == phase::removing) return answer(tl::unexpected(already_in_removal(*view_)));
  if (phase_ == phase::resting) {
    phase_ = phase::removing;
    removed_answer_ = std::move(answer);
    publish([](container_state& state) { state.phase = container_phase::removing; });
    return set_alarm(removed_, clock::now() + around_->removal_takes, wake_reason::removed);
  }
  if (!force) {
    return answer(tl::unexpected(
        api_error{409, "You cannot remove a running container " + view_->id() +
                           ". Stop the container before attempting removal or force remove"}));
  }
  remove_next_ = std::move(answer);
  kill(SIGKILL);
}

void container::removed() {
  tell("destroy");
  if (auto answer = std::exchange(removed_answer_, std::nullopt)) (*answer)(action_outcome::done);
  leave();
}

void container::leave() {
  publish([](container_state&) {});
  log_.end();
  caf::anon_send(engine_, container_removed{view_->id()});
  std::error_code ignored;
  if (!model_) std::filesystem::remove_all(root().parent_path(), ignored);
  quit();
}

void container::on_wake(const wake& why) {
  switch (why.why) {
    case wake_reason::next_line:
      if (why.number == next_line_number_ && phase_ == phase::running) print_lines();
      break;
    case wake_reason::stop_is_overdue:
      if (lives()) kill(SIGKILL);
      break;
    case wake_reason::right_clock:
      log_.clock().set_wrong_by({});
      break;
    case wake_reason::start_again:
      if (phase_ == phase::resting && !leaving_) start({});
      break;
    case wake_reason::check_health:
      if (phase_ == phase::running) check_health();
      break;
    case wake_reason::removed:
      if (phase_ == phase::removing) removed();
      break;
  }
}

// --- output
// ---------------------------------------------------------------------------------------

void container::print_lines() {
  const auto before = model_->printed();
  const auto pause = model_->run(clock::now(), log_);
  if (model_->printed() != before) {
    publish([&](container_state& state) { state.printed = model_->printed(); });
  }
  log_.serve();
  if (pause.ended) return ended(view_->config().model->exit_code);
  blocked_ = !pause.until;
  if (pause.until) set_alarm(next_line_, *pause.until, wake_reason::next_line);
}

/// After readers have made room.
void container::go_on_reading() {
  if (!log_.has_room()) return;
  if (script_) return script_->read();
  if (model_ && blocked_ && phase_ == phase::running) {
    // By a message, so that lines are printed one turn after another.
    set_alarm(next_line_, clock::now(), wake_reason::next_line);
  }
}

// --- faults and health
// ------------------------------------------------------------------------------

void container::befall(const fault& what) {
  const auto until = clock::now() + what.lasts;
  switch (what.kind) {
    case fault_kind::exit:
      if (phase_ != phase::running) return;
      set_alarm(start_again_, until, wake_reason::start_again);
      if (script_) return script_->signal(SIGKILL);
      return ended(what.code);
    case fault_kind::restart:
      if (phase_ != phase::running) return;
      start_next_.emplace();
      if (script_) return script_->signal(SIGKILL);
      return ended(0);
    case fault_kind::engine_restart:
      if (phase_ != phase::running) return;
      set_alarm(start_again_, until, wake_reason::start_again);
      if (script_) return script_->signal(SIGKILL);
      return ended(killed_exit_code);
    case fault_kind::skew:
      log_.clock().set_wrong_by(what.by);
      return set_alarm(right_clock_, until, wake_reason::right_clock);
    default:
      break;
  }
  if (!model_) return;
  if (what.kind == fault_kind::flood) model_->flood(what.lines);
  if (what.kind == fault_kind::giant) model_->giant(what.bytes);
  if (what.kind == fault_kind::bytes) model_->odd_bytes_until(until);
  if (what.kind == fault_kind::escapes) model_->escapes_until(until);
  if (phase_ == phase::running) print_lines();
}

void container::check_health() {
  const health_check& check = *view_->config().health;
  if (model_) return on_health(0);
  script_spec checked = spec();
  checked.tty = false;
  checked.words.assign(check.test.begin() + 1, check.test.end());
  if (check.test.front() == "CMD-SHELL") checked.words = {"sh", "-c", check.test.at(1)};
  const container_actor self{this};
  script_process::handlers handlers;
  handlers.ended = [self, start = start_](int exit_code) {
    caf::anon_send(self, health_checked{start, exit_code});
  };
  checker_ = std::make_shared<script_process>(*around_->io, std::move(handlers));
  checker_->start(std::move(checked));
  // What it prints is nobody's.
  checker_->read();
}

void container::on_health(int exit_code) {
  failed_checks_ = exit_code == 0 ? 0 : failed_checks_ + 1;
  const std::string before = view_->state().health;
  std::string now = before;
  if (exit_code == 0) now = "healthy";
  if (failed_checks_ >= view_->config().health->retries) now = "unhealthy";
  if (now != before) {
    publish([&](container_state& state) { state.health = now; });
    tell("health_status: " + now);
  }
  set_alarm(health_, clock::now() + view_->config().health->interval, wake_reason::check_health);
}

bool container::starts_by_policy(int exit_code) const {
  const std::string& policy = view_->config().restart_policy;
  if (asked_to_end_) return false;
  return policy == "always" || policy == "unless-stopped" ||
         (policy == "on-failure" && exit_code != 0);
}

// --- what others see
// --------------------------------------------------------------------------------

void container::publish(const std::function<void(container_state&)>& change) {
  container_state state = view_->state();
  change(state);
  view_->set_state(state);
}

void container::tell(std::string_view action,
                     const std::vector<std::pair<std::string, std::string>>& more) {
  caf::anon_send(engine_,
                 container_told{container_event(*view_, action, wall_clock(), more).dump()});
  if (around_->events != nullptr && (action == "start" || action == "die" || action == "destroy")) {
    around_->events->note_event(std::string(action), {{"container", view_->name()},
                                                      {"id", view_->id()},
                                                      {"life", view_->life()},
                                                      {"printed", view_->state().printed}});
  }
}

void container::set_alarm(alarm& which, clock::time_point at, wake_reason why) {
  const std::uint64_t number = ++wake_number_;
  if (why == wake_reason::next_line) next_line_number_ = number;
  which.set(at, container_actor{this}, wake{why, number});
}

std::filesystem::path container::root() const {
  return around_->directory / "containers" / view_->id() / "root";
}

}  // namespace spillway::sim
