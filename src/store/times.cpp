#include "store/times.hpp"

#include <SQLiteCpp/Column.h>

namespace spillway::store {

std::optional<protocol::timestamp> optional_time(const SQLite::Column& column) {
  if (column.isNull()) return std::nullopt;
  return from_column(column.getInt64());
}

}  // namespace spillway::store
