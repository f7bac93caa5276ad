// The actor system as one object for main.
#pragma once

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "actors/dependencies.hpp"
#include "actors/gateway.hpp"

namespace spillway::actors {

/// Owns every actor. Context: any thread, except where said. `io` must run from the first call that
/// is to have an effect until `stop` has returned.
class runtime : public gateway {
 public:
  /// `deps` outlives this.
  runtime(boost::asio::io_context& io, const dependencies& deps);
  /// Calls stop() with a second's grace if nobody has. Not on an I/O thread.
  ~runtime() override;

  void open(viewer_identity from, protocol::stream_request request,
            std::shared_ptr<viewer_connection> connection) override;
  void access_to_check(std::uint64_t version, protocol::timestamp now,
                       access_handler handler) override;
  void end_access(std::vector<held_access_ptr> ended) override;
  void start_run(run_request request, run_handler handler) override;
  void cancel_run(protocol::slug app, std::optional<std::string> deploy_id,
                  std::function<void(bool)> handler) override;
  void deploying(std::function<void(std::set<std::string>)> handler) override;
  void streams(std::function<void(streams_report)> handler) override;
  void process_log_tail(std::size_t limit,
                        std::function<void(std::vector<std::string>)> handler) override;

  /// Lines that this process wrote, for the process log. False where too many are on their way to
  /// it already: the caller keeps count of what it could not hand over. Never logs.
  bool publish_process_log(std::vector<std::string> lines);

  /// No new streams; 1001 to every viewer. The handler runs when the last session is gone.
  void end_sessions(std::function<void(bool)> handler);
  /// No new runs. The handler runs when none goes on; with `now` they are ended, else they may
  /// finish.
  void stop_runs(bool now, std::function<void(bool)> handler);
  /// Ends every actor and waits for it; false when `limit` passes first. Not on an I/O thread.
  bool stop(std::chrono::milliseconds limit);

 private:
  struct parts;
  std::unique_ptr<parts> parts_;
};

}  // namespace spillway::actors
