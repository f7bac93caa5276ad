// A viewer that misbehaves, one way after the other.
#pragma once

#include <boost/asio/basic_waitable_timer.hpp>
#include <memory>
#include <optional>
#include <vector>

#include "actors/on_strand.hpp"
#include "sim/viewers/rude_visit.hpp"
#include "sim/viewers/stream_judge.hpp"
#include "sim/viewers/viewing.hpp"

namespace spillway::sim {

/// resting --alarm_rings--> visiting --all visits are over--> resting. Context: its strand.
class rude_viewer : public actors::on_strand<viewer_actor::base> {
 public:
  rude_viewer(caf::actor_config& cfg, strand_type strand, const viewing* run, viewer_identity who);

  behavior_type make_behavior() override;
  void on_exit() override;
  const char* name() const override { return "rude viewer"; }

 private:
  void rest();
  void visit();
  void on_outcome(const rude_deed& deed, const rude_outcome& outcome);
  void end_visits();

  const viewing& run_;
  const viewer_identity who_;
  draws random_;
  const watched_stream& stream_;
  stream_judge judge_;
  boost::asio::basic_waitable_timer<
      std::chrono::steady_clock, boost::asio::wait_traits<std::chrono::steady_clock>, strand_type>
      timer_;
  /// The deed that comes next; each has its turn, from one that is drawn.
  std::size_t next_ = 0;
  std::vector<std::shared_ptr<rude_visit>> visits_;
  std::size_t under_way_ = 0;
  viewer_phase shown_ = viewer_phase::away;
};

}  // namespace spillway::sim
