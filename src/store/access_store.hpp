// Whether a token or login that opened something still stands for the same access.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "protocol/access.hpp"
#include "protocol/timestamp.hpp"
#include "store/error.hpp"

namespace spillway::store {

class database;

/// Context: any thread; blocks as `database` does.
class access_store {
 public:
  explicit access_store(std::shared_ptr<database> db) : db_(std::move(db)) {}

  /// Counts up with each change that may have ended someone's access, whichever process made it. No
  /// version is 0.
  result<std::uint64_t> version();
  /// Who the token or login of that name (`principal::credential`) stands for now; nothing where it
  /// was revoked, has expired or never was.
  result<std::optional<protocol::principal>> find(const std::string& credential,
                                                  protocol::timestamp now);

 private:
  std::shared_ptr<database> db_;
};

}  // namespace spillway::store
