// Random secrets and the hashes that stand for them in the database. Context: any thread.
#pragma once

#include <string>
#include <string_view>

#include "protocol/timestamp.hpp"

namespace spillway::store {

/// A bearer token: `sd_` and 256 random bits in base64url.
std::string new_token();

/// The value of a session cookie: 256 random bits in base64url.
std::string new_session_cookie();

/// Whether a text has the shape of one that new_token or new_session_cookie made. No other can be
/// right.
bool is_token(std::string_view text);
bool is_session_cookie(std::string_view text);

/// What the database keeps of a token or cookie: 32 bytes of BLAKE2b. A plain hash is enough, for
/// nobody can guess 256 random bits.
std::string secret_hash(std::string_view secret);

/// In a time that does not depend on where they differ.
bool same_hash(std::string_view a, std::string_view b);

/// `20261124T101432118-8f3a…`: sorts by time to the millisecond, ends in 64 random bits, and is
/// made of letters, digits and hyphens only, so it can stand in a path.
std::string new_deploy_id(protocol::timestamp now);

}  // namespace spillway::store
