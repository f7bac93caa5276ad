// Why a stream ends, and what the viewer is told: the one table for all of them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "protocol/close.hpp"

namespace spillway::actors {

enum class end_cause : std::uint8_t {
  deploy_finished,
  container_exited,
  end_of_history,
  nothing_to_stream,
  container_not_found,
  deploy_not_found,
  invalid_parameter,
  shutting_down,
  read_deadline,
  access_ended,
  source_failed,
  publisher_failed,
  publisher_backing_off,
  viewer_stalled,
  viewer_gone
};
inline constexpr std::size_t end_cause_count = static_cast<std::size_t>(end_cause::viewer_gone) + 1;

/// What is done with frames that the viewer has not had yet.
enum class remainder : std::uint8_t {
  /// Everything produced goes out first.
  flush,
  /// Only what the socket already has goes out first.
  drop,
  /// Nothing goes out, not even a close frame: the socket takes none.
  cut
};

struct ending {
  end_cause cause;
  protocol::close_code code;
  std::string_view reason;
  remainder rest;
  /// A frame `{"error": detail}` precedes the close.
  bool error_frame;
};

/// The table's row for a cause. Every cause has one.
const ending& ending_for(end_cause cause);

/// The close frame of a row. With an error frame, its text is the reason as well.
protocol::close_frame close_frame_for(const ending& row, std::string_view detail);

/// Its name, as in the enum.
std::string_view to_string(end_cause cause);

}  // namespace spillway::actors
