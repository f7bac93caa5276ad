// The directory of a simulated host.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "sim/host/container.hpp"
#include "sim/host/event_hub.hpp"
#include "sim/host/image_store.hpp"
#include "sim/host/messages.hpp"

namespace spillway::sim {

/// Knows every container, image and network there is, and what containers and deploys that are gone
/// have printed. Context: its actor.
class engine : public engine_actor::base {
 public:
  engine(caf::actor_config& cfg, const container_surroundings* around, event_hub* events);

  behavior_type make_behavior() override;
  void on_exit() override;
  const char* name() const override { return "engine"; }

 private:
  struct deploy {
    std::string project;
    std::uint32_t number;
    std::optional<std::uint64_t> printed;
    int exit_code = 0;
  };

  api_result<std::string> create(const std::string& name, const container_config& config);
  api_result<found_container> find(const std::string& reference) const;
  std::vector<found_container> newest_first() const;
  void removed(const std::string& id);
  void remember(const container_view& gone);
  nlohmann::ordered_json truth() const;
  nlohmann::ordered_json truth_of(const container_view& view, bool exists) const;
  api_result<nlohmann::ordered_json> change(const change_images& wanted);
  api_result<nlohmann::ordered_json> change(const change_networks& wanted);
  void note_end(const end_deploy& ended);

  const container_surroundings* around_;
  event_hub* events_;
  draws ids_;
  image_store images_;
  std::set<std::string> networks_;
  /// In the order of creation.
  std::vector<found_container> containers_;
  std::map<std::string, std::uint32_t> lives_;
  /// Containers that are gone, and deploys: the newest so many.
  std::deque<nlohmann::ordered_json> past_;
  std::deque<deploy> deploys_;
  std::map<std::string, std::uint32_t> deploy_numbers_;
  /// Those that are to be made anew once they are gone.
  std::map<std::string, container_config> to_recreate_;
  bool ending_ = false;
};

}  // namespace spillway::sim
