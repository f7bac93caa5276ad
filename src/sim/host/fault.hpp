// What goes wrong on a simulated host.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace spillway::sim {

enum class fault_kind {
  cut,
  torn,
  stall,
  slow,
  error,
  refuse,
  exit,
  restart,
  recreate,
  skew,
  flood,
  giant,
  bytes,
  escapes,
  engine_restart,
};

inline constexpr fault_kind all_fault_kinds[] = {
    fault_kind::cut,      fault_kind::torn,    fault_kind::stall,         fault_kind::slow,
    fault_kind::error,    fault_kind::refuse,  fault_kind::exit,          fault_kind::restart,
    fault_kind::recreate, fault_kind::skew,    fault_kind::flood,         fault_kind::giant,
    fault_kind::bytes,    fault_kind::escapes, fault_kind::engine_restart};

/// As schedules and journals write it: `engine-restart`.
std::string_view fault_name(fault_kind kind);
std::optional<fault_kind> fault_named(std::string_view name);

/// One fault, as a schedule orders it.
struct fault {
  fault_kind kind = fault_kind::cut;
  /// Since the host began.
  std::chrono::nanoseconds at{};
  /// How long it lasts: a stall, slow answers, errors, a socket that is away, wrong clocks, odd
  /// bytes; for `exit`, after how long the container starts again.
  std::chrono::nanoseconds lasts{};
  /// `slow`: by how much an answer is late; `skew`: by how much a clock is wrong.
  std::chrono::nanoseconds by{};
  /// `flood`.
  std::uint64_t lines = 0;
  /// `giant`.
  std::uint64_t bytes = 0;
  /// `exit`.
  int code = 0;
  /// Containers that it may strike: part of a name; empty: any that is modelled.
  std::string target;
  /// Chooses among them, and whatever else the fault leaves open.
  std::uint64_t draw = 0;
};

}  // namespace spillway::sim
