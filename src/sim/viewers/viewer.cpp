#include "sim/viewers/viewer.hpp"

#include <fmt/format.h>

#include <array>
#include <caf/send.hpp>
#include <utility>

namespace spillway::sim {

namespace {

using namespace std::chrono_literals;
using std::chrono::nanoseconds;

/// Small, so that the server notices early that a viewer is slow (the kernel doubles it).
constexpr int small_receive_buffer = 4096;
/// How much is read at a time: as little as a slow reader takes, or all that is likely to be there.
constexpr std::size_t slow_read_bytes = 1024;
constexpr std::size_t whole_read_bytes = 64 << 10;
/// A slow viewer pauses for so long at least, not after every frame.
constexpr nanoseconds least_pause = 20ms;
/// A server that lets few logins pass says so for less than a minute.
constexpr nanoseconds ask_again_after = 15s;
constexpr nanoseconds starved_look = 5s;
constexpr std::array<const char*, 5> first_tails{"0", "10", "100", "100", "1000"};

/// The viewer's kernel tells of room only when much of its small buffer is free: less in all that
/// time looks as if nothing was read.
bool reads_unnoticed(const crowd_plan& plan) {
  constexpr double least_noticed = 4 * small_receive_buffer;
  const double seconds = std::chrono::duration<double>(plan.stall_timeout).count();
  return static_cast<double>(plan.slow_bytes_per_second) * seconds < least_noticed;
}

/// A stream of the kind that the mix draws; one that a viewer with few rights may see where its
/// access is to be taken away.
const watched_stream& choose_stream(const viewing& run, behaviour who, draws& random) {
  auto kind = run.plan.streams->draw(random);
  if (who == behaviour::revoked && kind == stream_kind::process_logs) kind = stream_kind::logs;
  std::vector<const watched_stream*> fitting;
  for (const auto& each : run.streams) {
    if (each.kind == kind) fitting.push_back(&each);
  }
  if (fitting.empty()) return run.streams.front();
  return *fitting[random.below(fitting.size())];
}

}  // namespace

/// What the link holds of the viewer, until the connection's end.
class viewer::relay : public link_events {
 public:
  explicit relay(viewer& to) : hold_(&to), to_(to) {}
  void on_open(nanoseconds took) override { to_.on_open(took); }
  reading_pace on_frame(std::string_view payload, std::size_t wire_bytes) override {
    return to_.on_frame(payload, wire_bytes);
  }
  void on_nonsense(std::string_view why) override {
    to_.judge_.report({flaw_kind::bad_frame, std::string(why)});
  }
  void on_end(const viewing_end& end) override { to_.on_end(end); }

 private:
  const viewer_actor hold_;
  viewer& to_;
};

viewer::viewer(caf::actor_config& cfg, strand_type strand, const viewing* run, viewer_identity who,
               registrar_actor registrar)
    : on_strand(cfg, strand),
      run_(*run),
      who_(who),
      random_(who.seed),
      stream_(choose_stream(*run, who.who, random_)),
      compressed_(random_.below(100) < run->plan.compressed_percent),
      first_tail_(first_tails[random_.below(first_tails.size())]),
      registrar_(std::move(registrar)),
      judge_(who, stream_, run->board),
      backoff_(run->plan.backoff_scale),
      timer_(strand),
      token_(run->plan.token) {}

viewer::behavior_type viewer::make_behavior() {
  if (is(behaviour::revoked)) {
    token_.clear();
    enter(state::waiting);
    ask_for_access();
  } else {
    enter(state::away);
    set_alarm(0ns, purpose::come_back);
  }
  return {
      [this](leave_now) { on_leave(); },
      [this](link_over) { quit(); },
      [this](const alarm_rings& m) { on_alarm(m.plan); },
      [this](const access_given& m) { on_access_given(m.token); },
      [this](access_ending) { access_ends_ = true; },
      [this](const access_ended& m) { on_access_ended(m.at); },
      [this](const access_refused& m) {
        run_.board.did("no access: " + m.why);
        if (state_ == state::waiting) set_alarm(ask_again_after, purpose::ask_for_access);
      },
  };
}

void viewer::on_exit() {
  state_ = state::leaving;
  timer_.cancel();
  if (const auto link = std::exchange(link_, nullptr)) link->reset();
  registrar_ = nullptr;
  if (shown_) run_.board.moved(*std::exchange(shown_, std::nullopt), viewer_phase::gone);
}

void viewer::enter(state next) {
  constexpr std::array phases{viewer_phase::away,       viewer_phase::away,
                              viewer_phase::connecting, viewer_phase::watching,
                              viewer_phase::paused,     viewer_phase::away};
  state_ = next;
  const auto shown = phases[static_cast<std::size_t>(next)];
  if (shown_) {
    run_.board.moved(*shown_, shown);
  } else {
    run_.board.entered(shown);
  }
  shown_ = shown;
}

nanoseconds viewer::some(nanoseconds time, double from, double to) {
  return std::chrono::duration_cast<nanoseconds>(time * (from + (to - from) * random_.fraction()));
}

void viewer::set_alarm(nanoseconds time, purpose what) {
  purpose_ = what;
  timer_.expires_after(std::chrono::duration_cast<std::chrono::steady_clock::duration>(time));
  timer_.async_wait([me = viewer_actor(this), plan = ++plan_](boost::system::error_code cancelled) {
    if (!cancelled) caf::anon_send(me, alarm_rings{plan});
  });
}

void viewer::drop_alarm() {
  timer_.cancel();
  ++plan_;
}

// --- connections --------------------------------------------------------------------------------

void viewer::connect() {
  enter(state::connecting);
  stopped_reading_ = told_starved_ = for_ever_ = false;
  connect_begun_ = std::chrono::steady_clock::now();
  const bool small = is(behaviour::slow) || is(behaviour::stuck);
  link_ = make_link(*strand(), run_.server,
                    {.path = judge_.next_path(first_tail_),
                     .token = token_,
                     .receive_buffer_bytes = small ? small_receive_buffer : 0,
                     .offers_compression = compressed_,
                     .read_bytes = small ? slow_read_bytes : whole_read_bytes});
  link_->open(std::make_unique<relay>(*this));
  // Some change their mind while they wait for the answer.
  if (is(behaviour::flapping) && random_.chance(0.1)) {
    set_alarm(nanoseconds(random_.below(3'000'000)), purpose::give_up_upgrade);
  }
}

void viewer::on_open(nanoseconds took) {
  const auto us = std::chrono::duration_cast<std::chrono::microseconds>(took).count();
  run_.board.upgrade_time().add(static_cast<std::uint64_t>(us));
  judge_.on_open(std::chrono::system_clock::now());
  opened_ = std::chrono::steady_clock::now();
  if (access_ended_at_ && connect_begun_ > *access_ended_at_) {
    judge_.report({flaw_kind::wrong_answer, "an upgrade was served after access had ended"});
  }
  if (state_ == state::leaving) return link_->close();
  enter(state::watching);
  plan_reading();
}

void viewer::plan_reading() {
  switch (who_.who) {
    case behaviour::stuck:
      return set_alarm(some(run_.plan.stuck_for, 0.1, 0.5), purpose::stop_reading);
    case behaviour::flapping:
      return set_alarm(some(run_.plan.flap_every, 0.1, 1.9), purpose::flap);
    case behaviour::steady:
      return set_alarm(starved_look, purpose::look_whether_starved);
    case behaviour::revoked:
      if (access_ended_at_) set_alarm(run_.plan.access_patience, purpose::access_overdue);
      return;
    case behaviour::slow:
    case behaviour::rude:
      return;
  }
}

reading_pace viewer::on_frame(std::string_view payload, std::size_t wire_bytes) {
  using next = reading_pace::next;
  judge_.on_frame(payload);
  if (judge_.served()) backoff_.reset();
  if (state_ == state::paused) return {next::when_told, {}};
  if (!is(behaviour::slow)) return {next::now, {}};
  debt_ += nanoseconds(wire_bytes * 1'000'000'000 / run_.plan.slow_bytes_per_second);
  if (debt_ < least_pause) return {next::now, {}};
  return {next::after, std::exchange(debt_, 0ns)};
}

void viewer::on_end(const viewing_end& end) {
  link_.reset();
  drop_alarm();
  close_situation about;
  about.stopped_reading = stopped_reading_;
  about.reads_unnoticed = is(behaviour::slow) && reads_unnoticed(run_.plan);
  about.access_ends = access_ends_;
  about.faults_expected = run_.plan.allow_1011;
  about.limits_expected = run_.plan.allow_limits;
  judge_.on_end(end, about);
  using how = viewing_end::how;
  if (end.kind == how::closed || end.kind == how::cut) judge_lateness(end);
  // To quit is for a message's handler; this may be a call of the link's.
  if (state_ == state::leaving) return caf::anon_send(viewer_actor(this), link_over{});
  enter(state::away);
  after_end(end);
}

void viewer::after_end(const viewing_end& end) {
  const bool barred =
      (end.kind == viewing_end::how::closed && end.code == 1008) ||
      (end.kind == viewing_end::how::refused && (end.code == 401 || end.code == 404));
  if (is(behaviour::revoked) && access_ends_ && barred) {
    enter(state::waiting);
    knocked_ = knocked_ || end.kind == viewing_end::how::refused;
    return lose_access();
  }
  const bool deploy_over = stream_.kind == stream_kind::deploy_logs && judge_.served();
  set_alarm(deploy_over ? some(8s, 0.1, 1) : backoff_.next(), purpose::come_back);
}

// --- behaviours ---------------------------------------------------------------------------------

void viewer::on_alarm(std::uint64_t plan) {
  if (plan != plan_ || state_ == state::leaving) return;
  switch (purpose_) {
    case purpose::come_back:
      return connect();
    case purpose::stop_reading:
      return stop_reading();
    case purpose::read_on:
      return read_on();
    case purpose::look_whether_cut:
      return look_whether_cut();
    case purpose::flap:
      return flap();
    case purpose::give_up_upgrade:
      if (state_ == state::connecting) link_->reset();
      return;
    case purpose::look_whether_starved:
      return look_whether_starved();
    case purpose::ask_for_access:
      return ask_for_access();
    case purpose::access_overdue:
      return judge_.report(
          {flaw_kind::late_revocation, "the stream goes on 10 s after its access has ended"});
  }
}

/// Some for ever: they find out by a look at their socket that the server has cut them.
void viewer::stop_reading() {
  if (!link_) return;
  enter(state::paused);
  stopped_reading_ = true;
  for_ever_ = random_.chance(0.5);
  run_.board.did(for_ever_ ? "stopped reading for ever" : "stopped reading for a time");
  if (for_ever_) return set_alarm(1s, purpose::look_whether_cut);
  set_alarm(some(run_.plan.stuck_for, 0.5, 2), purpose::read_on);
}

void viewer::look_whether_cut() {
  if (!link_) return;
  if (!link_->was_cut()) return set_alarm(1s, purpose::look_whether_cut);
  run_.board.did("cut while it did not read");
  // What is left in the socket, up to the end.
  enter(state::watching);
  link_->read_on();
}

void viewer::read_on() {
  if (!link_) return;
  enter(state::watching);
  link_->read_on();
  // The end of the connection may have been among what it read.
  if (link_) plan_reading();
}

void viewer::look_whether_starved() {
  if (state_ != state::watching) return;
  const auto lag = judge_.lag();
  // What it has not read yet is its own affair: under a flood viewers are busier than the server.
  const bool starved = lag > run_.plan.most_lag && !link_->has_unread();
  if (starved && !std::exchange(told_starved_, true)) {
    judge_.report({flaw_kind::starved,
                   fmt::format("its last line is {} s older than another viewer's of this log",
                               std::chrono::duration_cast<std::chrono::seconds>(lag).count())});
  }
  set_alarm(starved_look, purpose::look_whether_starved);
}

void viewer::flap() {
  if (!link_) return;
  switch (random_.below(3)) {
    case 0:
      return link_->close();
    case 1:
      return link_->reset();
    default:
      return link_->hang_up();
  }
}

void viewer::on_leave() {
  if (state_ == state::leaving) return;
  const bool reads = state_ == state::watching && !is(behaviour::slow);
  enter(state::leaving);
  drop_alarm();
  if (!link_) return quit();
  if (reads) return link_->close();
  link_->reset();
}

// --- access that ends ---------------------------------------------------------------------------

void viewer::on_access_given(const std::string& token) {
  if (state_ == state::leaving) return;
  token_ = token;
  access_ends_ = knocked_ = false;
  access_ended_at_.reset();
  connect();
}

void viewer::on_access_ended(std::chrono::steady_clock::time_point at) {
  access_ended_at_ = at;
  if (state_ == state::watching)
    return set_alarm(run_.plan.access_patience, purpose::access_overdue);
  if (state_ == state::waiting) lose_access();
}

/// Once the server says that access has ended, a knock must find the door shut; then it is asked
/// for anew.
void viewer::lose_access() {
  if (!access_ended_at_) return;
  if (!std::exchange(knocked_, true)) return connect();
  ask_for_access();
}

void viewer::ask_for_access() {
  caf::anon_send(registrar_, access_wanted{viewer_actor(this), stream_.app});
}

/// However the stream ended: it must not have gone on.
void viewer::judge_lateness(const viewing_end& end) {
  if (!access_ended_at_) return;
  const auto since = std::max(*access_ended_at_, opened_);
  const auto late = std::chrono::steady_clock::now() - end.seen_late - since;
  const bool with_it = end.kind == viewing_end::how::cut || end.code == 1008;
  if (with_it) run_.board.did("access ended, and the stream with it");
  if (late <= run_.plan.access_grace) return;
  const auto overdue = std::chrono::system_clock::now() - late + run_.plan.access_grace;
  if (judge_.reads_late(overdue.time_since_epoch())) return;
  judge_.report({flaw_kind::late_revocation,
                 fmt::format("the stream went on for {} ms after its access had ended",
                             std::chrono::duration_cast<std::chrono::milliseconds>(late).count())});
}

}  // namespace spillway::sim
