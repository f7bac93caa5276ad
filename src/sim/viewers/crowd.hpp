// All viewers of a run.
#pragma once

#include <boost/asio/basic_waitable_timer.hpp>
#include <functional>
#include <unordered_map>

#include "actors/on_strand.hpp"
#include "sim/viewers/crowd_messages.hpp"
#include "sim/viewers/viewing.hpp"

namespace spillway::sim {

/// Lets viewers in at the rate that is planned, watches over them, and ends them all.
///
///   arriving --everyone is in--> full
///   arriving, full --end_crowd--> ending --the last viewer has gone--> gone
///
/// Context: its strand.
class crowd : public actors::on_strand<crowd_actor::base> {
 public:
  /// `gone` is called once, when it and all its actors have ended.
  crowd(caf::actor_config& cfg, strand_type strand, const viewing* run, std::function<void()> gone);

  behavior_type make_behavior() override;
  void on_exit() override;
  const char* name() const override { return "crowd"; }

 private:
  void let_more_in();
  void add_viewer(std::size_t number);
  void end();
  void on_down(const caf::down_msg& down);
  void quit_if_alone();

  const viewing& run_;
  std::function<void()> gone_;
  boost::asio::basic_waitable_timer<
      std::chrono::steady_clock, boost::asio::wait_traits<std::chrono::steady_clock>, strand_type>
      timer_;
  std::unordered_map<caf::actor_addr, viewer_actor> viewers_;
  registrar_actor registrar_;
  deploy_driver_actor driver_;
  std::size_t in_ = 0;
  double due_ = 0;
  bool ending_ = false;
};

}  // namespace spillway::sim
