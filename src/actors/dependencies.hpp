// What the actors need from outside, in one place.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "actors/ports/compose_runner.hpp"
#include "actors/ports/container_engine.hpp"
#include "actors/ports/deploy_journal.hpp"
#include "actors/ports/stream_audit.hpp"
#include "actors/stream_meters.hpp"
#include "config/settings.hpp"
#include "protocol/timestamp.hpp"

namespace spillway::actors {

/// Outlives the actor system. Context: any thread.
struct dependencies {
  const config::settings& settings;
  container_engine& engine;
  compose_runner& compose;
  deploy_journal& journal;
  stream_audit& audit;
  /// The wall clock.
  std::function<protocol::timestamp()> now;
  /// A fresh, sortable id for a deploy that begins at the given time.
  std::function<std::string(protocol::timestamp)> new_deploy_id;
  /// What the streams have carried.
  std::shared_ptr<stream_meters> meters = std::make_shared<stream_meters>();
  /// Sessions run on their connections' strands; else, in deterministic tests, like other actors.
  bool sessions_on_strands = true;
};

}  // namespace spillway::actors
