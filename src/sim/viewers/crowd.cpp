#include "sim/viewers/crowd.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <caf/send.hpp>
#include <set>
#include <utility>

#include "actors/spawned.hpp"
#include "sim/seed.hpp"
#include "sim/viewers/deploy_driver.hpp"
#include "sim/viewers/registrar.hpp"
#include "sim/viewers/rude_viewer.hpp"
#include "sim/viewers/viewer.hpp"

namespace spillway::sim {

namespace {

constexpr std::chrono::milliseconds between_arrivals{20};

std::vector<std::string> apps_of(const viewing& run) {
  std::set<std::string> all;
  for (const auto& each : run.streams) {
    if (!each.app.empty()) all.insert(each.app);
  }
  return {all.begin(), all.end()};
}

}  // namespace

crowd::crowd(caf::actor_config& cfg, strand_type strand, const viewing* run,
             std::function<void()> gone)
    : on_strand(cfg, strand), run_(*run), gone_(std::move(gone)), timer_(strand) {}

crowd::behavior_type crowd::make_behavior() {
  set_down_handler([this](caf::down_msg& down) { on_down(down); });
  const viewer_strand strand(run_.io.get_executor());
  const auto& who = run_.plan.behaviours;
  if (std::find(who.begin(), who.end(), behaviour::revoked) != who.end()) {
    registrar_ = actors::spawned([&] { return spawn<registrar, caf::monitored>(strand, &run_); });
  }
  if (auto apps = apps_of(run_); run_.plan.deploys_per_minute > 0 && !apps.empty()) {
    const viewer_strand its(run_.io.get_executor());
    driver_ = actors::spawned([&] { return spawn<deploy_driver>(its, &run_, std::move(apps)); });
  }
  caf::anon_send(crowd_actor(this), let_in{});
  return {
      [this](let_in) { let_more_in(); },
      [this](end_crowd) { end(); },
  };
}

void crowd::let_more_in() {
  if (ending_) return;
  due_ += run_.plan.arrivals_per_second * std::chrono::duration<double>(between_arrivals).count();
  for (; in_ < run_.plan.count && due_ >= 1; due_ -= 1) add_viewer(in_++);
  if (in_ == run_.plan.count) return;
  timer_.expires_after(between_arrivals);
  timer_.async_wait([me = crowd_actor(this)](boost::system::error_code cancelled) {
    if (!cancelled) caf::anon_send(me, let_in{});
  });
}

void crowd::add_viewer(std::size_t number) {
  const viewer_identity who{number, seed_of(run_.plan.seed, fmt::format("viewer {}", number)),
                            run_.plan.behaviours[number]};
  const viewer_strand strand(run_.io.get_executor());
  auto made = actors::spawned([&]() -> viewer_actor {
    if (who.who == behaviour::rude) return spawn<rude_viewer, caf::monitored>(strand, &run_, who);
    return spawn<viewer, caf::monitored>(strand, &run_, who, registrar_);
  });
  viewers_.emplace(made.address(), std::move(made));
}

void crowd::end() {
  if (std::exchange(ending_, true)) return;
  timer_.cancel();
  if (driver_) caf::anon_send_exit(driver_, caf::exit_reason::user_shutdown);
  driver_ = nullptr;
  for (const auto& [address, each] : viewers_) caf::anon_send(each, leave_now{});
  if (viewers_.empty()) quit_if_alone();
}

void crowd::on_down(const caf::down_msg& down) {
  if (registrar_ && down.source == registrar_.address()) {
    registrar_ = nullptr;
  } else {
    viewers_.erase(down.source);
    // A viewer that dies of an exception is a bug of the simulation, not of the server.
    if (down.reason)
      run_.board.broke_outside_of_streams({flaw_kind::not_looked_at, "a simulated viewer failed"});
  }
  quit_if_alone();
}

/// The registrar goes last: it needs a server, and nobody to take anything from.
void crowd::quit_if_alone() {
  if (!ending_ || !viewers_.empty()) return;
  if (registrar_) return caf::anon_send(registrar_, tidy_up{});
  quit();
}

void crowd::on_exit() {
  timer_.cancel();
  for (const auto& [address, each] : std::exchange(viewers_, {}))
    caf::anon_send_exit(each, caf::exit_reason::kill);
  if (registrar_) caf::anon_send_exit(registrar_, caf::exit_reason::kill);
  if (driver_) caf::anon_send_exit(driver_, caf::exit_reason::kill);
  registrar_ = nullptr;
  driver_ = nullptr;
  if (gone_) std::exchange(gone_, nullptr)();
}

}  // namespace spillway::sim
