// One compose command, from its start to its exit.
#pragma once

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "actors/ports/compose_runner.hpp"
#include "host/child.hpp"
#include "host/line_splitter.hpp"

namespace spillway::host {

/// Reads what the command prints while someone asks for it, and tells its exit. It is over when the
/// leader has ended and both pipes are drained; what is left of the group is then killed.
///
///     waiting for launch ──▶ running ──▶ over
///            └───────── fail ───────────▲
///
/// Context: its strand. Handlers that are under way keep it alive.
class compose_run : public std::enable_shared_from_this<compose_run> {
 public:
  using strand_type = boost::asio::strand<boost::asio::io_context::executor_type>;
  using output_handler = actors::compose_runner::output_handler;

  compose_run(strand_type strand, std::size_t max_line, std::chrono::milliseconds kill_grace,
              output_handler handler);

  /// Starts the command, unless it was ended before it began.
  void launch(const child_command& command);
  /// There will be no process. `why` is a sentence.
  void fail(std::string why);

  void read();
  void terminate();
  /// Nobody listens any more: kills the group, and stays until the leader can be reaped.
  void abandon();

  const strand_type& strand() const { return strand_; }

 private:
  /// A pipe of the child.
  struct source {
    source(const strand_type& strand, std::size_t max_line)
        : pipe(strand), lines(max_line, carriage_return::overwrites) {}
    boost::asio::posix::stream_descriptor pipe;
    line_splitter lines;
    bool waiting = false;
    /// Once the drain is over: how many bytes of those that stood in the pipe are still to be read.
    std::optional<std::size_t> rest;
  };

  bool adopt(child started);
  void wait_for_exit();
  void on_leader_ended();
  void end_drain();
  void wait_for_output(source& from);
  void on_readable(source& from);
  void close(source& from);
  void settle();
  void deliver();

  strand_type strand_;
  std::chrono::milliseconds kill_grace_;
  output_handler handler_;
  std::array<source, 2> sources_;
  boost::asio::posix::stream_descriptor ended_;
  boost::asio::steady_timer kill_timer_;
  boost::asio::steady_timer drain_timer_;
  std::optional<child> child_;
  actors::compose_output pending_;
  std::optional<int> exit_code_;
  bool wanted_ = false;
  bool terminated_ = false;
  bool over_ = false;
};

}  // namespace spillway::host
