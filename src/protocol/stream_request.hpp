// What a viewer asks for: the path and query of a WebSocket upgrade as a value.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "protocol/access.hpp"
#include "protocol/names.hpp"
#include "protocol/timestamp.hpp"

namespace spillway::protocol {

/// `GET /api/apps/{slug}/deploy-logs[?deploy=ID]`
struct deploy_logs_request {
  std::optional<std::string> deploy_id;
  bool operator==(const deploy_logs_request&) const = default;
};

/// `GET /api/apps/{slug}/logs[?service&tail&follow&since&until&replica]`
struct container_logs_request {
  std::string service = "web";
  /// How many historical lines; nothing stands for `all`.
  std::optional<std::uint64_t> tail = 100;
  bool follow = true;
  std::optional<timestamp> since;
  std::optional<timestamp> until;
  /// Container number of a scaled service; nothing: the lowest that runs.
  std::optional<std::uint32_t> replica;
  bool operator==(const container_logs_request&) const = default;
};

/// `GET /api/system/process-logs/stream`
struct process_log_request {
  bool operator==(const process_log_request&) const = default;
};

/// A parameter was bad. The viewer gets `{"error": message}` and 1000.
struct invalid_request {
  std::string message;
  /// Of deploy-logs; else of logs.
  bool of_deploys = false;
  bool operator==(const invalid_request&) const = default;
};

struct stream_request {
  /// The app; nothing for the process log.
  std::optional<slug> app;
  std::variant<deploy_logs_request, container_logs_request, process_log_request, invalid_request>
      what;
  bool operator==(const stream_request&) const = default;
};

/// What a viewer needs for it: to read the app, or to administer the server.
right right_for(const stream_request& wanted);

/// Reads a request target (RFC 9112 section 3.2.1, origin-form). Nothing where the path is not one
/// of the three streams, or its slug cannot be one: the answer to that is 404. Unknown parameters
/// are ignored, of a repeated one the first counts. Durations in `since` and `until` count back
/// from `now`.
std::optional<stream_request> parse_stream_target(std::string_view target, timestamp now);

}  // namespace spillway::protocol
