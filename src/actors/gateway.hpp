// The way into the actors for everything that is not one: HTTP routes, upgrades, main.
#pragma once

#include <boost/asio/ip/address.hpp>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "actors/ports/viewer_connection.hpp"
#include "actors/streams_report.hpp"
#include "protocol/access.hpp"
#include "protocol/stream_request.hpp"

namespace spillway::actors {

/// One compose command of a run, and the word that its frames carry as `action`.
struct run_step {
  std::string action;
  std::vector<std::string> arguments;
};

struct run_request {
  protocol::slug app;
  /// What was asked for: `deploy`, `pull`, `restart`, `stop`, `start`, `scale`, `rollback`,
  /// `down`.
  std::string action;
  std::vector<run_step> steps;
  std::string project;
  std::filesystem::path compose_file;
  std::string user;
  /// Called once when the run has ended and that is recorded, with whether every step succeeded; on
  /// an I/O thread or a worker, so it must not block. May be empty.
  std::function<void(bool succeeded)> then;
};

/// Someone who may have a stream, and the address they are at.
struct viewer_identity {
  protocol::principal who;
  boost::asio::ip::address address;
};

/// What open streams hang on: the token or login that opened them, and what it must still allow.
struct held_access {
  std::string credential;
  /// When it ends by itself.
  std::optional<protocol::timestamp> valid_until;
  protocol::right needed = protocol::right::administer;
  /// For a right of an app.
  std::optional<protocol::slug> app;
};
using held_access_ptr = std::shared_ptr<const held_access>;

enum class run_refusal : std::uint8_t {
  /// A run of this app is under way.
  busy,
  /// The server is on its way down.
  stopping,
  /// The run could not be recorded.
  unrecorded
};

/// Context: any thread. Nothing blocks; handlers run on an I/O thread, once each.
class gateway {
 public:
  virtual ~gateway() = default;

  /// Opens a stream for a viewer who may have it. From here on the stream owns the connection.
  virtual void open(viewer_identity from, protocol::stream_request request,
                    std::shared_ptr<viewer_connection> connection) = 0;

  /// What has to be checked now that `version` (principal::access_version) is known: everything
  /// that open streams hang on where another one was known before or this is 0 (not known), else
  /// what was opened on the ground of another version, or is past its end at `now`.
  using access_handler = std::function<void(std::vector<held_access_ptr>)>;
  virtual void access_to_check(std::uint64_t version, protocol::timestamp now,
                               access_handler handler) = 0;
  /// Ends the streams that hang on these (1008).
  virtual void end_access(std::vector<held_access_ptr> ended) = 0;

  /// Registers a run with the app's broker and answers its id. Whoever connects after the answer
  /// sees the run.
  using run_handler = std::function<void(tl::expected<std::string, run_refusal>)>;
  virtual void start_run(run_request request, run_handler handler) = 0;

  /// Ends the running deploy of an app, where an id is given only that one; tells whether there was
  /// one to end.
  virtual void cancel_run(protocol::slug app, std::optional<std::string> deploy_id,
                          std::function<void(bool)> handler) = 0;

  /// The slugs whose deploy runs or waits in line.
  virtual void deploying(std::function<void(std::set<std::string>)> handler) = 0;

  /// The live tree of streams.
  virtual void streams(std::function<void(streams_report)> handler) = 0;

  /// The newest lines of the process log, oldest first.
  virtual void process_log_tail(std::size_t limit,
                                std::function<void(std::vector<std::string>)> handler) = 0;
};

}  // namespace spillway::actors
