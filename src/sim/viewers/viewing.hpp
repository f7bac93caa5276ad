// What every viewer of a run shares.
#pragma once

#include <boost/asio/io_context.hpp>
#include <vector>

#include "sim/viewers/crowd_messages.hpp"
#include "sim/viewers/crowd_plan.hpp"
#include "sim/viewers/scoreboard.hpp"
#include "sim/viewers/viewer_link.hpp"
#include "sim/viewers/watched_stream.hpp"

namespace spillway::sim {

/// Outlives all actors of the run. Its fields do not change while they run, but for the board.
struct viewing {
  const crowd_plan& plan;
  server_place server;
  /// By kind, each with at least one where the mix wants any.
  std::vector<watched_stream> streams;
  scoreboard& board;
  boost::asio::io_context& io;
};

}  // namespace spillway::sim
