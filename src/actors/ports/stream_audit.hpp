// Port: the record of who watched what. Implemented by store/.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "protocol/timestamp.hpp"

namespace spillway::actors {

/// A stream that was opened, and for whom.
struct opened_stream {
  std::string user;
  /// The token or login that proved it: its name, not itself.
  std::string credential;
  /// The client's IP address.
  std::string address;
  /// `logs`, `deploy-logs` or `process-logs`.
  std::string stream;
  /// Empty for the process log.
  std::string app;
  /// Which part of the app: the service, with its replica where one was asked for, or the deploy.
  std::string detail;
  protocol::timestamp opened_at;
};

/// How it ended.
struct closed_stream {
  /// What `opened` returned.
  std::uint64_t id = 0;
  /// Of the close frame that we gave its connection; nothing where the viewer left by itself or was
  /// cut for taking nothing.
  std::optional<std::uint16_t> close_code;
  std::string reason;
  /// Frames that the viewer's socket took, and their bytes there.
  std::uint64_t lines = 0;
  std::uint64_t bytes = 0;
  protocol::timestamp closed_at;
};

/// A stream as it is recorded.
struct audit_entry {
  std::uint64_t id = 0;
  opened_stream opened;
  /// Nothing for a stream that is open, or whose server died.
  std::optional<protocol::timestamp> closed_at;
  std::optional<std::uint16_t> close_code;
  /// Empty for a stream that is open.
  std::string reason;
  std::optional<std::uint64_t> lines;
  std::optional<std::uint64_t> bytes;
};

struct audit_query {
  /// The newest of those that match.
  std::size_t limit = 100;
  /// Only entries with a smaller id: to page back.
  std::optional<std::uint64_t> before{};
  std::optional<std::string> user{};
  std::optional<std::string> app{};
};

/// Context: any thread; does not block. Told of each stream once at its beginning and once at its
/// end, in this order.
class stream_audit {
 public:
  virtual ~stream_audit() = default;
  /// Names the stream for its end.
  virtual std::uint64_t opened(opened_stream stream) = 0;
  virtual void closed(closed_stream stream) = 0;
};

}  // namespace spillway::actors
