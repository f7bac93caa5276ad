// Port: the durable side of deploys, records and transcripts. Implemented by store/.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <tl/expected.hpp>

#include "protocol/names.hpp"
#include "protocol/timestamp.hpp"

namespace spillway::actors {

struct deploy_record {
  std::string id;
  std::string app;
  /// What was asked for: `deploy`, `pull`, `restart`, `stop`, `start`, `scale`, `rollback`,
  /// `down`.
  std::string action;
  /// `running`, then `success`, `failed` or `cancelled`.
  std::string status;
  int exit_code = 0;
  std::string user;
  protocol::timestamp started_at;
  protocol::timestamp finished_at;
};

struct transcript_part {
  /// Whole frames, each followed by a newline.
  std::string frames;
  /// Nothing follows this part.
  bool at_end = false;
  /// At the end of a deploy whose transcript ends early, because the disk did not take all of it:
  /// the frames that stand in for the rest, a newline after each. Of no run that goes on.
  std::string stand_in = {};
};

/// Context: any thread. Nothing here blocks the caller: work is done on a worker, in order for one
/// deploy, and handlers run there, each exactly once. Errors are sentences for the operator.
class deploy_journal {
 public:
  virtual ~deploy_journal() = default;
  using done_handler = std::function<void(tl::expected<void, std::string>)>;
  using part_handler = std::function<void(tl::expected<transcript_part, std::string>)>;

  /// Records that a run begins and makes its transcript. A record found `running` at the next start
  /// of the server is closed as failed.
  virtual void begin(deploy_record record, done_handler handler) = 0;
  /// Appends frames, each followed by a newline, to the transcript of a run that has begun.
  virtual void append(std::string app, std::string deploy_id, std::string frames,
                      done_handler handler) = 0;
  /// Records the end of a run.
  virtual void finish(deploy_record record, done_handler handler) = 0;
  /// Reads a transcript from a byte offset: whole frames, about `max_bytes` of them and at least
  /// one where one is left. An unknown deploy, or one of another app, is the error "deploy not
  /// found".
  virtual void read(std::string app, std::string deploy_id, std::uint64_t offset,
                    std::size_t max_bytes, part_handler handler) = 0;
};

}  // namespace spillway::actors
