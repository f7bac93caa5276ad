// The deploy journal on SQLite (records) and files (transcripts).
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "actors/ports/deploy_journal.hpp"
#include "protocol/timestamp.hpp"

namespace spillway::store {

class database;

/// Context: any thread; nothing blocks but recover. All work runs on the worker in the order in
/// which it was given. At most `max_queued_bytes` of frames wait for the disk: past it an append is
/// refused with an error, and so is every later one of its deploy, so that a transcript may end
/// early but never has a hole; it ends early, too, where it would be longer than `keep_bytes`. With
/// each end of a run, what the app has too much of is forgotten, the oldest deploys first. Handlers
/// must not throw. Work that waits when the journal is destroyed is still done; when the worker's
/// executor goes first, its handlers are not called.
class deploy_journal_store : public actors::deploy_journal {
 public:
  struct options {
    std::size_t max_queued_bytes = 64 << 20;
    /// Of one app: recorded deploys, and bytes of their transcripts.
    std::size_t keep_deploys = 100;
    std::uint64_t keep_bytes = 256 << 20;
  };

  deploy_journal_store(std::shared_ptr<database> db, boost::asio::any_io_executor worker,
                       options chosen);
  deploy_journal_store(std::shared_ptr<database> db, boost::asio::any_io_executor worker)
      : deploy_journal_store(std::move(db), std::move(worker), options{}) {}
  ~deploy_journal_store() override;

  struct recovery {
    /// The runs that a server which is no more left unfinished, as they were closed.
    std::vector<actors::deploy_record> closed;
    /// Transcripts that could not be brought to their end, a sentence each.
    std::vector<std::string> problems;
  };

  /// Takes the data directory for this server alone, then closes every run that is recorded as
  /// running, after `before_closing` was called with their ids where there are any. Call it once,
  /// before the first begin; it blocks. Fails where another server uses the data directory: its
  /// runs are not abandoned.
  using ids_handler = std::function<void(const std::vector<std::string>&)>;
  tl::expected<recovery, std::string> recover(protocol::timestamp now,
                                              const ids_handler& before_closing = nullptr);

  void begin(actors::deploy_record record, done_handler handler) override;
  void append(std::string app, std::string deploy_id, std::string frames,
              done_handler handler) override;
  void finish(actors::deploy_record record, done_handler handler) override;
  void read(std::string app, std::string deploy_id, std::uint64_t offset, std::size_t max_bytes,
            part_handler handler) override;

 private:
  class worker_side;
  std::shared_ptr<worker_side> side_;
};

}  // namespace spillway::store
