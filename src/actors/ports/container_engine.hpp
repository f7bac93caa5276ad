// Port: the container engine, as the publishers and the REST routes need it. Implemented by host/.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "protocol/log_line.hpp"
#include "protocol/timestamp.hpp"

namespace spillway::actors {

enum class engine_errc : std::uint8_t {
  /// The engine answered and has no such container.
  not_found,
  /// No answer: no socket, refused, timed out, cut off.
  unavailable,
  /// The engine answered with an error of its own.
  refused,
  /// The answer was not what the Engine API promises.
  bad_answer
};

struct engine_error {
  engine_errc code = engine_errc::unavailable;
  /// A sentence for the viewer: without addresses, paths or ids of the host.
  std::string message;
};

struct container_info {
  std::string id;
  std::string project;
  std::string service;
  std::uint32_t replica = 1;
  /// `running`, `exited`, `created`, `restarting`, `paused`, `dead`.
  std::string state;
  /// `healthy`, `unhealthy`, `starting`, or empty without a health check.
  std::string health;
};

/// A run of a container that is over. Both by the engine's clock, which stamps the lines, too: what
/// the container printed last may be stamped a little later than its exit.
struct ended_run {
  protocol::timestamp started_at;
  protocol::timestamp exited_at;
};

struct log_query {
  /// Docker's own entries, of which a line split at 16 KiB is several; nothing: all.
  std::optional<std::uint64_t> tail{};
  std::optional<protocol::timestamp> since{};
  std::optional<protocol::timestamp> until{};
  bool follow = false;
  /// Of a bounded read: it is about the end of this run, so the last chunk tells of the next one.
  std::optional<ended_run> about{};
};

enum class log_end : std::uint8_t {
  /// A bounded read came to its end.
  end_of_history,
  /// A followed container has exited (or was removed).
  container_exited,
  /// The stream broke while the container ran on; see `error`.
  failed
};

struct log_chunk {
  protocol::log_lines lines;
  /// So many of the last of them have no end: the log ended within a line that Docker split, which
  /// is being written, or the container died in its middle. A bounded read of a container that runs
  /// leaves out what is being written, unless it is about a run.
  std::size_t unfinished = 0;
  std::size_t whole_lines() const { return lines.size() - unfinished; }
  /// Docker's entries read so far in this stream: of a line split at 16 KiB each part is one, so
  /// this tells whether an answer to `tail` was full.
  std::uint64_t entries = 0;
  /// Set in the last chunk, which may hold lines as well.
  std::optional<log_end> end;
  /// With `container_exited`: the run that is over, where the engine says so.
  std::optional<ended_run> ended;
  /// In the last chunk of a read about a run: the container was started again, and what is stamped
  /// later than this is of another run.
  std::optional<protocol::timestamp> next_run;
  engine_error error;
};

/// An open log stream, read on demand. Context: one caller at a time, any thread. Destroying it
/// closes it; the handler of a read that is under way may still be called once after that.
class log_stream {
 public:
  virtual ~log_stream() = default;
  /// Asks for one chunk: waits for at least one line or the end, then hands over what is there, at
  /// most about 256 KiB. Not to be called again before the handler was, nor after the end.
  virtual void read() = 0;
};

/// Context: any thread. Handlers run on an I/O thread and may be called before the function
/// returns.
class container_engine {
 public:
  virtual ~container_engine() = default;

  /// The containers of a compose project (all projects where `project` is empty), running or not.
  using list_handler = std::function<void(tl::expected<std::vector<container_info>, engine_error>)>;
  virtual void list(std::string project, list_handler handler) = 0;

  /// Opens a container's log. Failures to open arrive as the stream's first and last chunk.
  /// `handler` gets every chunk, the reply to each `read`.
  using chunk_handler = std::function<void(std::shared_ptr<const log_chunk>)>;
  virtual std::unique_ptr<log_stream> open_log(std::string container_id, log_query query,
                                               chunk_handler handler) = 0;
};

}  // namespace spillway::actors
