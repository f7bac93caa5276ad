// Brings the faults of a schedule over a simulated host.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sim/host/api_server.hpp"
#include "sim/host/fault_schedule.hpp"
#include "sim/host/journal.hpp"
#include "sim/host/messages.hpp"

namespace spillway::sim {

/// What faults strike; it outlives the driver.
struct fault_targets {
  engine_actor engine;
  misbehaviour* trouble = nullptr;
  std::shared_ptr<api_server> server;
  journal* record = nullptr;
};

/// Context: any thread; the rest on a strand of its own.
class fault_driver : public std::enable_shared_from_this<fault_driver> {
 public:
  fault_driver(boost::asio::io_context& io, fault_schedule schedule, fault_targets targets);

  /// Times count from now.
  void start();
  /// No more faults; lets go of the actors.
  void stop();

 private:
  void wait_for_next();
  void strike_engine(const fault& what);
  void strike_container(const fault& what, std::vector<found_container> all);
  void strike_streams(const fault& what, const found_container& of);

  boost::asio::strand<boost::asio::io_context::executor_type> strand_;
  boost::asio::steady_timer timer_;
  fault_schedule schedule_;
  fault_targets targets_;
  std::chrono::steady_clock::time_point begun_{};
};

/// The container that a fault strikes, the same for the same draw and names; nothing where none
/// that runs fits.
std::optional<found_container> struck_container(const fault& what,
                                                std::vector<found_container> all);

}  // namespace spillway::sim
