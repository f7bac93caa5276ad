// Which ends of a connection are as they should be.
#pragma once

#include <cstdint>
#include <optional>

#include "sim/viewers/behaviour.hpp"
#include "sim/viewers/flaw.hpp"
#include "sim/viewers/viewing_end.hpp"

namespace spillway::sim {

/// What a viewer knows about itself, its stream and the server when its connection ends.
struct close_situation {
  behaviour who = behaviour::steady;
  stream_kind what = stream_kind::logs;
  /// It has stopped reading, or had for a while on this connection.
  bool stopped_reading = false;
  /// It reads so little that the server's socket does not show it within the stall timeout.
  bool reads_unnoticed = false;
  /// Its access is being taken away, or was.
  bool access_ends = false;
  /// The last frame was `{"error": …}`.
  bool after_error = false;
  /// A deploy's last frame has come, or the one that says that none runs.
  bool after_deploy_end = false;
  bool after_no_deploy = false;
  /// Others were told that the stream has ended, since this connection was opened.
  bool stream_is_over = false;
  /// Viewers were told that the server is shutting down.
  bool server_stops = false;
  /// The host behind the server fails on purpose.
  bool faults_expected = false;
  /// There are more viewers than the server has room for.
  bool limits_expected = false;
};

enum class end_verdict : std::uint8_t {
  expected,
  broken,
  /// Broken, unless it turns out that the server was shutting down at that moment.
  broken_unless_stopping
};

struct judged_end {
  end_verdict verdict;
  /// Where it is broken.
  std::optional<flaw> why;
};

/// By the one table of all ends that may be. Context: any thread.
judged_end judge_end(const viewing_end& end, const close_situation& in);

}  // namespace spillway::sim
