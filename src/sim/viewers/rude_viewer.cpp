#include "sim/viewers/rude_viewer.hpp"

#include <fmt/format.h>

#include <caf/send.hpp>

namespace spillway::sim {

namespace {

constexpr std::size_t flood_size = 100;

const watched_stream& first_log(const viewing& run, draws& random) {
  std::vector<const watched_stream*> logs;
  for (const auto& each : run.streams) {
    if (each.kind == stream_kind::logs) logs.push_back(&each);
  }
  return logs.empty() ? run.streams.front() : *logs[random.below(logs.size())];
}

}  // namespace

rude_viewer::rude_viewer(caf::actor_config& cfg, strand_type strand, const viewing* run,
                         viewer_identity who)
    : on_strand(cfg, strand),
      run_(*run),
      who_(who),
      random_(who.seed),
      stream_(first_log(*run, random_)),
      judge_(who, stream_, run->board),
      timer_(strand),
      next_(random_.below(rude_deeds().size())) {}

rude_viewer::behavior_type rude_viewer::make_behavior() {
  run_.board.entered(shown_);
  rest();
  return {
      [this](leave_now) { quit(); }, [this](link_over) {}, [this](const alarm_rings&) { visit(); },
      [](const access_given&) {},    [](access_ending) {}, [](const access_ended&) {},
      [](const access_refused&) {},
  };
}

void rude_viewer::on_exit() {
  timer_.cancel();
  end_visits();
  run_.board.moved(shown_, viewer_phase::gone);
}

void rude_viewer::end_visits() {
  for (const auto& each : std::exchange(visits_, {})) each->abandon();
  under_way_ = 0;
}

void rude_viewer::rest() {
  run_.board.moved(shown_, viewer_phase::away);
  shown_ = viewer_phase::away;
  timer_.expires_after(std::chrono::milliseconds(200 + random_.below(2'000)));
  timer_.async_wait([me = viewer_actor(this)](boost::system::error_code cancelled) {
    if (!cancelled) caf::anon_send(me, alarm_rings{0});
  });
}

void rude_viewer::visit() {
  run_.board.moved(shown_, viewer_phase::connecting);
  shown_ = viewer_phase::connecting;
  const auto& deed = rude_deeds()[next_++ % rude_deeds().size()];
  run_.board.did(fmt::format("rude: {}", deed.name));
  const rude_request request{run_.server.host, with_parameter(path_of(stream_), "tail", "1"),
                             run_.plan.token};
  const auto count = deed.after == rude_deed::then::flood ? flood_size : 1;
  under_way_ = count;
  for (std::size_t i = 0; i < count; ++i) {
    visits_.push_back(std::make_shared<rude_visit>(*strand(), deed, random_));
    // The handler holds the viewer until the visit is over, which it always is within its patience.
    visits_.back()->begin(run_.server, request,
                          [this, me = viewer_actor(this), &deed](const rude_outcome& outcome) {
                            on_outcome(deed, outcome);
                          });
  }
}

void rude_viewer::on_outcome(const rude_deed& deed, const rude_outcome& outcome) {
  const bool nobody_there = outcome.status == 0 && run_.board.server_is_stopping();
  if (auto wrong = judge_rude(deed, outcome, {run_.plan.allow_1011, run_.plan.allow_limits});
      wrong && !nobody_there) {
    judge_.report(std::move(*wrong));
  }
  if (under_way_ == 0 || --under_way_ > 0) return;
  visits_.clear();
  rest();
}

}  // namespace spillway::sim
