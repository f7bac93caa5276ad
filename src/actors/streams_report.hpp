// The live tree: every publisher, and who watches it.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "actors/stream_kind.hpp"
#include "protocol/timestamp.hpp"

namespace spillway::actors {

struct viewer_report {
  std::uint64_t id = 0;
  std::string user;
  /// The client's IP address.
  std::string address;
  protocol::timestamp opened_at{};
  /// `waiting` for what it asked for to begin, `replaying` a history, or `live`.
  std::string_view state;
  /// Of a live viewer: lines in the ring that it has not been handed yet.
  std::uint64_t lag_lines = 0;
  /// Lines that this viewer was told it missed.
  std::uint64_t skipped_lines = 0;
  /// How long the last batch has been on its way to the socket; nothing where that has taken it.
  std::optional<std::chrono::milliseconds> writing_for;
};

struct publisher_report {
  stream_kind kind = stream_kind::process;
  std::string key;
  /// Empty for the process log; service and replica of a container alone.
  std::string app;
  std::string service;
  std::uint32_t replica = 0;
  /// Of its source.
  std::string_view state;
  /// Of a deploy: the run that is shown.
  std::string deploy_id;
  struct {
    std::uint64_t lines = 0;
    std::uint64_t bytes = 0;
    std::uint64_t capacity_bytes = 0;
  } ring;
  /// Messages that wait for it.
  std::size_t mailbox = 0;
  std::vector<viewer_report> viewers;
};

struct streams_report {
  /// Ordered by key.
  std::vector<publisher_report> publishers;
  /// Open streams, those included that no publisher serves (yet, or any more).
  std::size_t viewers = 0;
  /// Messages that wait for the supervisor.
  std::size_t supervisor_mailbox = 0;
};

}  // namespace spillway::actors
