#include "actors/termination.hpp"

#include <algorithm>
#include <array>

namespace spillway::actors {

namespace {

using protocol::close_code;
using enum end_cause;
using enum remainder;

constexpr std::array endings{
    ending{deploy_finished, close_code::normal, "deploy finished", flush, false},
    ending{container_exited, close_code::normal, "container exited", flush, false},
    ending{end_of_history, close_code::normal, "end of history", flush, false},
    ending{nothing_to_stream, close_code::normal, "nothing to stream", flush, false},
    ending{container_not_found, close_code::normal, "container not found", flush, true},
    ending{deploy_not_found, close_code::normal, "deploy not found", flush, true},
    ending{invalid_parameter, close_code::normal, "invalid parameter", flush, true},
    ending{shutting_down, close_code::going_away, "server is shutting down", drop, false},
    ending{read_deadline, close_code::going_away, "nothing received for too long", drop, false},
    ending{access_ended, close_code::policy_violation, "access ended", drop, false},
    ending{source_failed, close_code::internal_error, "source failed", flush, true},
    ending{publisher_failed, close_code::internal_error, "internal error, see the process log",
           drop, false},
    ending{publisher_backing_off, close_code::internal_error,
           "this stream failed repeatedly, try again in a minute", drop, false},
    // No code: RFC 6455 has none for a peer that takes no bytes, and no frame would get through.
    ending{viewer_stalled, close_code::internal_error, "viewer stalled", cut, false},
    ending{viewer_gone, close_code::normal, "viewer gone", cut, false},
};

constexpr bool in_order() {
  for (std::size_t i = 0; i < endings.size(); ++i) {
    if (static_cast<std::size_t>(endings[i].cause) != i) return false;
  }
  return endings.size() == static_cast<std::size_t>(viewer_gone) + 1;
}
static_assert(in_order(), "one row a cause, in the order of the enum");

constexpr std::array<std::string_view, end_cause_count> names{
    "deploy_finished",       "container_exited", "end_of_history",    "nothing_to_stream",
    "container_not_found",   "deploy_not_found", "invalid_parameter", "shutting_down",
    "read_deadline",         "access_ended",     "source_failed",     "publisher_failed",
    "publisher_backing_off", "viewer_stalled",   "viewer_gone"};

}  // namespace

const ending& ending_for(end_cause cause) {
  return endings[static_cast<std::size_t>(cause)];
}

protocol::close_frame close_frame_for(const ending& row, std::string_view detail) {
  const bool own_words = row.error_frame && !detail.empty() && row.cause != invalid_parameter;
  return {row.code, protocol::close_reason(own_words ? detail : row.reason)};
}

std::string_view to_string(end_cause cause) {
  return names[static_cast<std::size_t>(cause)];
}

}  // namespace spillway::actors
