// The negotiation of permessage-deflate (RFC 7692).
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace spillway::net {

/// Takes the values of the request's `Sec-WebSocket-Extensions` fields and returns the value of the
/// answer's, for the first offer that can be met; nothing where there is none, or where the fields
/// are malformed: the handshake then goes on without the extension. Context: any thread.
///
/// What is agreed on: our messages share one deflate context with a 32 KiB window, the client's
/// stand alone. So an offer that wants a smaller window or no context from us is declined; that of
/// a smaller window of its own is met without a word about it (section 7.1.2.2 allows that),
/// because such a window costs nothing here: messages of clients are inflated one at a time.
std::optional<std::string> negotiate_deflate(const std::vector<std::string>& fields);

}  // namespace spillway::net
