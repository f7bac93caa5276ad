// What the Engine API answers, from JSON to values. The engine is not trusted to send what it
// should.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "actors/ports/container_engine.hpp"

namespace spillway::host {

template <class T>
using engine_result = tl::expected<T, actors::engine_error>;

actors::engine_error engine_unavailable();
actors::engine_error bad_engine_answer();
actors::engine_error container_not_found();

/// A failed request: what went wrong, from the status and the body `{"message": "…"}`.
actors::engine_error refused_request(unsigned status, std::string_view body);

/// `GET /version`: the prefix of versioned paths, `/v1.43` or the closest that the engine speaks.
engine_result<std::string> parse_version_prefix(std::string_view body);

/// `GET /containers/json`: the containers of services, without one-off ones (`compose run`).
engine_result<std::vector<actors::container_info>> parse_container_list(std::string_view body);

struct container_details {
  bool tty = false;
  bool running = false;
  /// As the engine writes it: another one is another start.
  std::string started_at;
  /// Of the last run that ended, also while the next one goes on; nothing before that.
  std::optional<protocol::timestamp> finished_at;
};

/// `GET /containers/{id}/json`.
engine_result<container_details> parse_container_details(std::string_view body);

/// The run that began at `started_at`, once it is over; nothing where the engine's times make none.
std::optional<actors::ended_run> ended_run_of(const std::string& started_at,
                                              const container_details& now);

/// The time after which lines are of a later run than `over`; nothing where there is none. Neither
/// of the engine's two times is exact to the millisecond by the stamps of lines, and to start a
/// container takes it many: half way between them is far from both.
std::optional<protocol::timestamp> next_run_after(const actors::ended_run& over,
                                                  const container_details& now);

}  // namespace spillway::host
