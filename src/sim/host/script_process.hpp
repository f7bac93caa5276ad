// A scripted container's command as a process of this machine.
#pragma once

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "sim/host/log_store.hpp"
#include "sim/host/script_spec.hpp"
#include "sim/host/unique_descriptor.hpp"

namespace spillway::sim {

/// Runs a command below an init process, hands its output over piece by piece, as it is asked for,
/// and tells its end once there is no output left. What it left running is killed then.
///
///     starting ──▶ running ──▶ exited ──▶ ended (output drained)
///         └── the command cannot run ───────▲
///
/// Context: any thread; the handlers run on a strand of its own.
class script_process : public std::enable_shared_from_this<script_process> {
 public:
  struct handlers {
    /// The command's process, or why there is none; then `ended` follows all the same.
    std::function<void(int pid, std::string error)> started;
    std::function<void(output_kind from, std::string bytes)> printed;
    std::function<void(int exit_code)> ended;
  };

  script_process(boost::asio::io_context& io, handlers to);
  /// Kills what still runs.
  ~script_process();
  script_process(const script_process&) = delete;
  script_process& operator=(const script_process&) = delete;

  void start(script_spec spec);
  /// The next piece of output may come.
  void read();
  /// To the command's own process, as to process 1 of a container.
  void signal(int number);
  /// Nobody listens any more: kills everything.
  void abandon();

 private:
  struct source {
    explicit source(const boost::asio::strand<boost::asio::io_context::executor_type>& strand,
                    output_kind k)
        : kind(k), pipe(strand) {}
    output_kind kind;
    boost::asio::posix::stream_descriptor pipe;
    bool waiting = false;
  };

  void launch(const script_spec& spec);
  void fail(std::string why);
  void watch_status();
  void on_status();
  void watch_exit();
  void on_exit();
  void watch(source& from);
  void on_readable(source& from);
  void settle();
  void kill_all();

  boost::asio::strand<boost::asio::io_context::executor_type> strand_;
  handlers to_;
  std::array<source, 2> sources_;
  boost::asio::posix::stream_descriptor status_;
  boost::asio::posix::stream_descriptor exit_;
  boost::asio::steady_timer drain_;
  std::string status_text_;
  int init_pid_ = -1;
  int pid_ = -1;
  bool started_told_ = false;
  bool wanted_ = false;
  bool ended_told_ = false;
  std::optional<int> exit_code_;
};

}  // namespace spillway::sim
