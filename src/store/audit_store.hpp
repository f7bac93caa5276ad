// The table of streams that were opened and closed.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "actors/ports/stream_audit.hpp"
#include "store/error.hpp"

namespace spillway::store {

class database;

struct audit_opening {
  std::uint64_t id = 0;
  actors::opened_stream stream;
};

/// Context: any thread; blocks as `database` does.
class audit_store {
 public:
  explicit audit_store(std::shared_ptr<database> db) : db_(std::move(db)) {}

  using event = std::variant<audit_opening, actors::closed_stream>;
  /// Writes them in one transaction, in their order; then forgets the oldest entries but for the
  /// newest `keep` and for streams that are open.
  result<void> write(const std::vector<event>& events, std::size_t keep);
  /// Marks the streams that a server which is no more left open.
  result<void> close_abandoned();
  /// One more than the greatest id there is.
  result<std::uint64_t> next_id();
  /// The newest first.
  result<std::vector<actors::audit_entry>> list(const actors::audit_query& query);

 private:
  std::shared_ptr<database> db_;
};

}  // namespace spillway::store
