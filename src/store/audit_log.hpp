// The stream audit on SQLite.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <memory>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "actors/ports/stream_audit.hpp"
#include "store/audit_store.hpp"

namespace spillway::store {

/// Context: any thread; nothing blocks but begin, flush, end and list. What is told is queued and
/// written by a job on the worker, one at most, all that waits in one transaction. At most
/// `max_queued_bytes` wait: where the disk fails or is that slow the oldest are dropped, and the
/// log says how many. What a write failed on stays queued and is tried again with an event a second
/// later, or at the end.
class audit_log : public actors::stream_audit {
 public:
  struct options {
    std::size_t keep = 100'000;
    std::size_t max_queued_bytes = 8 << 20;
  };

  /// `db` is this log's own connection: its transactions keep nobody else from the database.
  audit_log(std::shared_ptr<database> db, boost::asio::any_io_executor worker, options chosen);
  /// Drops what is still queued: end comes first.
  ~audit_log() override;

  /// Marks the streams that a server which is no more left open. Call it once, before the first
  /// stream is opened; it blocks.
  result<void> begin();
  /// Writes what is queued, by whoever calls it.
  result<void> flush();
  /// The same, once nothing more is told; says what could not be written.
  void end();
  /// With what is queued written first, where that can be done.
  result<std::vector<actors::audit_entry>> list(const actors::audit_query& query);

  std::uint64_t opened(actors::opened_stream stream) override;
  void closed(actors::closed_stream stream) override;

 private:
  class queue;
  std::shared_ptr<queue> queue_;
};

}  // namespace spillway::store
