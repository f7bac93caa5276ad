// Times as the database keeps them: Unix nanoseconds.
#pragma once

#include <cstdint>
#include <optional>

#include "protocol/timestamp.hpp"

namespace SQLite {
class Column;
}

namespace spillway::store {

inline std::int64_t to_column(protocol::timestamp at) {
  return at.time_since_epoch().count();
}

inline protocol::timestamp from_column(std::int64_t nanoseconds) {
  return protocol::timestamp{std::chrono::nanoseconds{nanoseconds}};
}

/// Nothing for NULL.
std::optional<protocol::timestamp> optional_time(const SQLite::Column& column);

}  // namespace spillway::store
