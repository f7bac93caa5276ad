// What a client wants of a container's log.
#pragma once

#include <cstdint>
#include <optional>

#include "protocol/timestamp.hpp"
#include "sim/host/api_target.hpp"

namespace spillway::sim {

/// The parameters of `GET /containers/{id}/logs`.
struct log_request {
  bool follow = false;
  bool timestamps = false;
  bool standard_output = false;
  bool standard_error = false;
  /// Entries, counted before anything else is left out; nothing: all.
  std::optional<std::uint64_t> tail;
  std::optional<protocol::timestamp> since;
  std::optional<protocol::timestamp> until;
};

/// Answers as Docker 20.10 does: a tail that is no number is all, a time that is none an error.
api_result<log_request> parse_log_request(const api_target& target);

}  // namespace spillway::sim
