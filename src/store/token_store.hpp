// Bearer tokens.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/access.hpp"
#include "protocol/timestamp.hpp"
#include "store/error.hpp"

namespace spillway::store {

class database;

struct token {
  std::int64_t id = 0;
  std::string user;
  std::string label;
  protocol::timestamp created_at;
  std::optional<protocol::timestamp> expires_at;
  /// To the minute.
  std::optional<protocol::timestamp> last_used_at;
};

struct new_token_text {
  std::int64_t id = 0;
  /// The whole token: it cannot be had again.
  std::string text;
};

/// Each is a row that anyone with a login can make.
inline constexpr int max_tokens_per_user = 100;

/// Nothing, or why the text cannot name a token: 1 to 100 bytes of UTF-8 without control
/// characters.
result<void> check_token_label(std::string_view label);

/// Context: any thread; blocks as `database` does.
class token_store {
 public:
  explicit token_store(std::shared_ptr<database> db) : db_(std::move(db)) {}

  /// errc::not_found where there is no such user; errc::refused past max_tokens_per_user.
  result<new_token_text> create(const std::string& user, const std::string& label,
                                std::optional<protocol::timestamp> expires_at,
                                protocol::timestamp now);
  /// For who came with a token or login: errc::not_found where that has ended meanwhile. What a
  /// token makes ends with it at the latest, so that nobody makes a stolen one last.
  result<new_token_text> create_as(const protocol::principal& owner, const std::string& label,
                                   std::optional<protocol::timestamp> expires_at,
                                   protocol::timestamp now);
  /// Who a token stands for, with the credential `token:<id>`; nothing for one that is unknown or
  /// has expired. Records its use.
  result<std::optional<protocol::principal>> authenticate(std::string_view text,
                                                          protocol::timestamp now);
  /// Of one user, or of all; sorted by id.
  result<std::vector<token>> list(const std::optional<std::string>& user = std::nullopt);
  /// errc::not_found where there is none of that id, or it is another user's than `owner`.
  result<void> revoke(std::int64_t id, const std::optional<std::string>& owner = std::nullopt);

 private:
  std::shared_ptr<database> db_;
};

}  // namespace spillway::store
