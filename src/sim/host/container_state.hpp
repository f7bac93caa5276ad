// What is known of a container from outside.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "protocol/timestamp.hpp"
#include "sim/host/container_config.hpp"

namespace spillway::sim {

enum class container_phase { created, running, exited, removing };

struct container_state {
  container_phase phase = container_phase::created;
  int pid = 0;
  int exit_code = 0;
  std::string error;
  std::optional<protocol::timestamp> started_at;
  std::optional<protocol::timestamp> finished_at;
  /// Empty where there is no health check, else `starting`, `healthy` or `unhealthy`.
  std::string health;
  /// Of a modelled container: lines that it printed in all.
  std::uint64_t printed = 0;
};

/// A container's identity and its state, which its actor keeps up to date. Context: any thread.
class container_view {
 public:
  container_view(std::string id, std::string name, std::string image_id, std::uint32_t life,
                 protocol::timestamp created_at, container_config config)
      : id_(std::move(id)),
        name_(std::move(name)),
        image_id_(std::move(image_id)),
        life_(life),
        created_at_(created_at),
        config_(std::move(config)) {}

  const std::string& id() const { return id_; }
  const std::string& name() const { return name_; }
  const std::string& image_id() const { return image_id_; }
  /// How many containers of this name there were, this one among them.
  std::uint32_t life() const { return life_; }
  protocol::timestamp created_at() const { return created_at_; }
  const container_config& config() const { return config_; }

  container_state state() const {
    const std::lock_guard lock(mutex_);
    return state_;
  }
  void set_state(const container_state& changed) {
    const std::lock_guard lock(mutex_);
    state_ = changed;
  }

 private:
  std::string id_;
  std::string name_;
  std::string image_id_;
  std::uint32_t life_;
  protocol::timestamp created_at_;
  container_config config_;
  mutable std::mutex mutex_;
  container_state state_;
};

using container_view_ptr = std::shared_ptr<container_view>;

}  // namespace spillway::sim
