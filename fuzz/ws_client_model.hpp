// What a client's bytes mean by the letter of RFC 6455 and RFC 7692: a second, plain reading, to
// hold the real one to.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace spillway::fuzz {

/// A close frame without a code in it.
inline constexpr std::uint16_t no_code = 1005;

struct client_reading {
  /// With which codes the server may close: usually one. Empty: it has no reason to close.
  std::set<std::uint16_t> ends;
  /// The input stops in the middle of something that may be wrong already: it may live as well.
  bool may_live = true;
  /// The payloads of pings before that, each of which is due a pong.
  std::vector<std::string> pings;
};

/// `deflate`: permessage-deflate was agreed on.
client_reading read_as_client(std::string_view bytes, bool deflate);

/// The payload of a compressed message, all of it or its beginning: the codes that it may be
/// answered with, none where nothing is wrong; one that is damaged where it gets too big may have
/// either.
enum class payload_part : std::uint8_t { beginning, all };
std::set<std::uint16_t> judge_compressed(std::string_view payload, payload_part part, bool is_text);

}  // namespace spillway::fuzz
