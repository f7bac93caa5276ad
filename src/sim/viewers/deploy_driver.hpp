// Keeps deploys going, so that viewers of deploys have something to see.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "actors/on_strand.hpp"
#include "sim/seed.hpp"
#include "sim/viewers/crowd_messages.hpp"
#include "sim/viewers/rest_client.hpp"
#include "sim/viewers/viewing.hpp"

namespace spillway::sim {

/// Asks for a restart or a pull of an app by REST, so many a minute. Context: its strand.
class deploy_driver : public actors::on_strand<deploy_driver_actor::base> {
 public:
  deploy_driver(caf::actor_config& cfg, strand_type strand, const viewing* run,
                std::vector<std::string> apps);

  behavior_type make_behavior() override;
  void on_exit() override { rest_->stop(); }
  const char* name() const override { return "deploy driver"; }

 private:
  void deploy();
  void wait();

  const viewing& run_;
  const std::vector<std::string> apps_;
  draws random_;
  const std::shared_ptr<rest_client> rest_;
};

}  // namespace spillway::sim
