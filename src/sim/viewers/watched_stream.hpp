// What there is to watch.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "sim/viewers/behaviour.hpp"

namespace spillway::sim {

struct watched_stream {
  stream_kind kind = stream_kind::logs;
  /// Empty for the process log.
  std::string app;
  /// Of `logs` alone.
  std::string service;
  /// Its place among all that are watched in a run.
  std::size_t index = 0;
};

/// `logs of shop/web`, for reports.
std::string describe(const watched_stream& stream);

/// The path of the upgrade, with the service.
std::string path_of(const watched_stream& stream);
/// The same with a parameter more; `value` must need no percent encoding but for `:` and `+`.
std::string with_parameter(std::string path, std::string_view name, std::string_view value);

}  // namespace spillway::sim
