#include "sim/viewers/close_table.hpp"

#include <fmt/format.h>

#include <array>
#include <string_view>

namespace spillway::sim {

namespace {

using how = viewing_end::how;

enum class only_when : std::uint8_t {
  always,
  in_logs_after_error,
  in_logs,
  deploy_has_ended,
  no_deploy_was,
  does_not_answer_pings,
  access_ends,
  source_may_fail,
  limits_expected,
  stopped_reading,
  slow_at_an_end,
  server_stops
};

struct expected_end {
  how kind;
  unsigned code;
  /// Empty: any.
  std::string_view reason;
  only_when when;
};

constexpr std::array expected_ends{
    expected_end{how::left, 0, "", only_when::always},
    expected_end{how::closed, 1000, "container exited", only_when::in_logs},
    expected_end{how::closed, 1000, "end of history", only_when::in_logs},
    // Between two lives of a container there is none.
    expected_end{how::closed, 1000, "container not found", only_when::in_logs_after_error},
    expected_end{how::closed, 1000, "deploy finished", only_when::deploy_has_ended},
    expected_end{how::closed, 1000, "nothing to stream", only_when::no_deploy_was},
    expected_end{how::closed, 1001, "server is shutting down", only_when::always},
    // A pong waits behind whatever a viewer does not read.
    expected_end{how::closed, 1001, "nothing received for too long",
                 only_when::does_not_answer_pings},
    expected_end{how::closed, 1008, "access ended", only_when::access_ends},
    // With its frame first. What an actor's death is closed with has none.
    expected_end{how::closed, 1011, "", only_when::source_may_fail},
    // After stream.stall_timeout: no frame would get through.
    expected_end{how::cut, 0, "", only_when::stopped_reading},
    // Whoever loses access has little time to read on to the close frame.
    expected_end{how::cut, 0, "", only_when::access_ends},
    // What is on its way to a viewer when its stream ends has a bounded time to get there.
    expected_end{how::cut, 0, "", only_when::slow_at_an_end},
    expected_end{how::cut, 0, "", only_when::server_stops},
    expected_end{how::refused, 401, "", only_when::access_ends},
    expected_end{how::refused, 404, "", only_when::access_ends},
    expected_end{how::refused, 429, "", only_when::limits_expected},
    expected_end{how::refused, 503, "", only_when::limits_expected},
    expected_end{how::unreachable, 0, "", only_when::server_stops},
};

bool holds(only_when condition, const close_situation& in) {
  switch (condition) {
    case only_when::always:
      return true;
    case only_when::in_logs_after_error:
      return in.what == stream_kind::logs && in.after_error;
    case only_when::in_logs:
      return in.what == stream_kind::logs && !in.after_error;
    case only_when::deploy_has_ended:
      return in.what == stream_kind::deploy_logs && in.after_deploy_end;
    case only_when::no_deploy_was:
      return in.what == stream_kind::deploy_logs && in.after_no_deploy;
    case only_when::does_not_answer_pings:
      return in.stopped_reading || in.who == behaviour::slow;
    case only_when::access_ends:
      return in.access_ends;
    case only_when::source_may_fail:
      return in.faults_expected && in.what == stream_kind::logs && in.after_error;
    case only_when::limits_expected:
      return in.limits_expected;
    case only_when::stopped_reading:
      return in.stopped_reading || in.reads_unnoticed;
    case only_when::slow_at_an_end:
      return in.who == behaviour::slow && in.stream_is_over;
    case only_when::server_stops:
      return in.server_stops;
  }
  return false;
}

flaw_kind kind_of_wrong(how kind) {
  switch (kind) {
    case how::cut:
      return flaw_kind::no_close_frame;
    case how::refused:
    case how::unreachable:
      return flaw_kind::wrong_answer;
    case how::unanswered:
      return flaw_kind::too_late;
    case how::closed:
    case how::left:
      break;
  }
  return flaw_kind::wrong_close;
}

}  // namespace

std::string label_of(const viewing_end& end) {
  switch (end.kind) {
    case how::closed:
      return end.text.empty() ? std::to_string(end.code) : fmt::format("{} {}", end.code, end.text);
    case how::cut:
      return "no close frame";
    case how::refused:
      return fmt::format("refused with {}", end.code);
    case how::unreachable:
      return "not reachable";
    case how::unanswered:
      return "not answered";
    case how::left:
      break;
  }
  return "left by itself";
}

judged_end judge_end(const viewing_end& end, const close_situation& in) {
  for (const auto& row : expected_ends) {
    if (row.kind != end.kind || (row.code != 0 && row.code != end.code)) continue;
    if (!row.reason.empty() && row.reason != end.text) continue;
    if (holds(row.when, in)) return {end_verdict::expected, {}};
  }
  const bool may_be_stopping = end.kind == how::cut || end.kind == how::unreachable;
  auto sentence = fmt::format("the connection ended with '{}'", label_of(end));
  if (may_be_stopping) sentence += " (" + end.text + ")";
  return {may_be_stopping ? end_verdict::broken_unless_stopping : end_verdict::broken,
          flaw{kind_of_wrong(end.kind), std::move(sentence)}};
}

}  // namespace spillway::sim
