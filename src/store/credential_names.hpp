// How a token or a login is named where streams, audit and logs speak of it: it cannot be told from
// the name. Context: any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace spillway::store {

/// `token:<id>`
std::string token_credential(std::int64_t id);
/// `login:<16 hex digits>`, the first bytes of the cookie's hash.
std::string login_credential(std::string_view hash);

/// The id in a token's name; nothing for another text.
std::optional<std::int64_t> token_id_of(std::string_view credential);

/// The least and the greatest hash that begin as a login's name says, or as a hash does. Looking a
/// secret up by them tells nobody, by the time it takes, how close a guess is; what is found is
/// then compared whole (same_hash).
struct hash_range {
  std::string first;
  std::string last;
};
/// Nothing for a text that is no login's name.
std::optional<hash_range> login_hashes_of(std::string_view credential);
hash_range hashes_like(std::string_view hash);

}  // namespace spillway::store
