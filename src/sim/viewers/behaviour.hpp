// What a simulated viewer does, and what it watches.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace spillway::sim {

enum class behaviour : std::uint8_t {
  /// Reads all there is, and comes back when its stream ends.
  steady,
  /// Reads at a bounded rate, with a small receive buffer.
  slow,
  /// Stops reading, for a time or for ever.
  stuck,
  /// Breaks the protocol, one way after the other.
  rude,
  /// Leaves and comes back, again and again, and goes on where it was.
  flapping,
  /// Watches with a right that is taken from it midway.
  revoked
};

enum class stream_kind : std::uint8_t { logs, deploy_logs, process_logs };

template <class Kind>
struct kind_name {
  Kind kind;
  std::string_view name;
};

inline constexpr std::array<kind_name<behaviour>, 6> behaviour_names{
    {{behaviour::steady, "steady"},
     {behaviour::slow, "slow"},
     {behaviour::stuck, "stuck"},
     {behaviour::rude, "rude"},
     {behaviour::flapping, "flapping"},
     {behaviour::revoked, "revoked"}}};

inline constexpr std::array<kind_name<stream_kind>, 3> stream_names{
    {{stream_kind::logs, "logs"},
     {stream_kind::deploy_logs, "deploy-logs"},
     {stream_kind::process_logs, "process-logs"}}};

constexpr std::string_view name_of(behaviour b) {
  return behaviour_names[static_cast<std::size_t>(b)].name;
}
constexpr std::string_view name_of(stream_kind k) {
  return stream_names[static_cast<std::size_t>(k)].name;
}

}  // namespace spillway::sim
