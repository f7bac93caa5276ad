// One simulated viewer: what it asked for, what it got, and how that may end.
#pragma once

#include <caf/actor_clock.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "protocol/stream_request.hpp"
#include "simulation/deploy_checker.hpp"
#include "simulation/log_checker.hpp"
#include "simulation/process_log_checker.hpp"
#include "simulation/simulated_connection.hpp"

namespace spillway::simulation {

/// Context: the one thread of the run.
struct viewer {
  std::string name;
  std::string credential;
  protocol::stream_request request;
  std::string project;
  std::shared_ptr<simulated_connection> connection;
  /// One of these, as the request has it.
  std::optional<log_checker> log;
  std::optional<deploy_view> deploys;
  std::optional<process_log_checker> process_log;

  /// In the order in which they come, from 1.
  std::size_t number = 0;
  /// Whatever was told before this moment cannot reach the viewer any more.
  std::uint64_t quiet_before = 0;
  protocol::timestamp opened_at;
  /// When all was quiet for the first time since it came: then it was served, or waits.
  std::optional<caf::actor_clock::time_point> quiet_at;
  std::size_t frames = 0;

  const protocol::container_logs_request* wanted_log() const {
    return std::get_if<protocol::container_logs_request>(&request.what);
  }
  bool open() const {
    return !connection->closed() && !connection->gone() && !connection->left() &&
           !connection->aborted();
  }
};

}  // namespace spillway::simulation
