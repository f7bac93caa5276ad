// The records of deploys.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "actors/ports/deploy_journal.hpp"
#include "store/error.hpp"

namespace spillway::store {

class database;

/// Context: any thread; blocks as `database` does.
class deploy_store {
 public:
  explicit deploy_store(std::shared_ptr<database> db) : db_(std::move(db)) {}

  /// Records a run that begins: its status is `running`, whatever the record says.
  result<void> begin(const actors::deploy_record& record);
  /// Records status, exit code and time of the end of a run; errc::not_found where none began.
  result<void> finish(const actors::deploy_record& record);
  /// Takes back a begin.
  result<void> remove(const std::string& id);
  /// Removes records, all or none.
  result<void> remove(const std::vector<std::string>& ids);
  /// Removes every record of an app: who is granted a later app of that name must not find them.
  result<void> forget(const std::string& app);
  /// A record of this app; nothing where it has none of that id.
  result<std::optional<actors::deploy_record>> find(const std::string& app, const std::string& id);
  /// Newest first, at most so many.
  result<std::vector<actors::deploy_record>> list(const std::string& app,
                                                  std::size_t most = 10'000);
  /// Those of all apps that have not ended.
  result<std::vector<actors::deploy_record>> running();

 private:
  std::shared_ptr<database> db_;
};

}  // namespace spillway::store
