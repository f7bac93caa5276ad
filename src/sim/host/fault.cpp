#include "sim/host/fault.hpp"

namespace spillway::sim {

std::string_view fault_name(fault_kind kind) {
  switch (kind) {
    case fault_kind::cut:
      return "cut";
    case fault_kind::torn:
      return "torn";
    case fault_kind::stall:
      return "stall";
    case fault_kind::slow:
      return "slow";
    case fault_kind::error:
      return "error";
    case fault_kind::refuse:
      return "refuse";
    case fault_kind::exit:
      return "exit";
    case fault_kind::restart:
      return "restart";
    case fault_kind::recreate:
      return "recreate";
    case fault_kind::skew:
      return "skew";
    case fault_kind::flood:
      return "flood";
    case fault_kind::giant:
      return "giant";
    case fault_kind::bytes:
      return "bytes";
    case fault_kind::escapes:
      return "escapes";
    case fault_kind::engine_restart:
      break;
  }
  return "engine-restart";
}

std::optional<fault_kind> fault_named(std::string_view name) {
  for (const fault_kind each : all_fault_kinds) {
    if (fault_name(each) == name) return each;
  }
  return std::nullopt;
}

}  // namespace spillway::sim
