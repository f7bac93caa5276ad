// What a viewer of a container's log must get.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "protocol/close.hpp"
#include "protocol/stream_request.hpp"
#include "simulation/simulated_engine.hpp"

namespace spillway::simulation {

/// Holds one stream to: every line once, in order, from the right one on, with exact notices in
/// place of lines that are missing. Context: the one thread of the run.
class log_checker {
 public:
  log_checker(world& w, const simulated_engine& engine, std::string viewer, std::string project,
              protocol::container_logs_request wanted);

  void take(const std::string& payload);
  /// The stream is over: nothing that was due is missing.
  void check_end(const protocol::close_frame& how, std::uint64_t quiet_before_open) const;
  /// All is quiet and the viewer takes bytes: it has all there is.
  void check_caught_up() const;
  /// The log it is of, once a line has come.
  const simulated_container* container() const { return container_; }
  const std::optional<std::string>& error() const { return error_; }
  /// Counts what was told as skipped; `received + skipped = produced` holds it to that.
  std::uint64_t skipped() const { return skipped_; }
  std::uint64_t received() const { return received_; }

 private:
  void complain(const std::string& what) const;
  void take_line(const std::string& text);
  void check_start(const simulated_container& c, std::size_t number);
  void check_gap(const simulated_container& c, std::size_t next) const;
  bool may_be_filtered(const simulated_container& c, std::size_t number) const;
  bool was_running_at_open(const simulated_container& c) const;
  std::size_t length_at_open(const simulated_container& c) const;

  world& world_;
  const simulated_engine& engine_;
  const std::string viewer_;
  const std::string project_;
  const protocol::container_logs_request wanted_;
  /// By container: how long its log was when the viewer came, and what of it the actors had.
  struct length {
    std::size_t length;
    std::size_t surely_had;
    bool running;
  };
  std::vector<length> came_at_;

  const simulated_container* container_ = nullptr;
  std::optional<std::size_t> last_;
  /// Told since the last line.
  std::uint64_t pending_skip_ = 0;
  std::uint64_t skipped_ = 0;
  std::uint64_t received_ = 0;
  std::optional<std::string> error_;
  std::optional<std::string> began_late_;
};

}  // namespace spillway::simulation
