// Times as the database keeps them: Unix nanoseconds.
#pragma once

#include <cstdint>

#include "protocol/timestamp.hpp"

namespace spillway::store {

inline std::int64_t to_column(protocol::timestamp at) {
  return at.time_since_epoch().count();
}

inline protocol::timestamp from_column(std::int64_t nanoseconds) {
  return protocol::timestamp{std::chrono::nanoseconds{nanoseconds}};
}

}  // namespace spillway::store
