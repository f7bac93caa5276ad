// What is read of a log at a time.
#pragma once

#include <cstddef>

namespace spillway::host {

struct log_limits {
  /// A longer line is cut and marked.
  std::size_t line_bytes;
  /// About the most that one `log_stream::read` hands over, so that a reader with less room than
  /// the engine has lines can make some in between.
  std::size_t chunk_bytes = 256 * 1024;
};

}  // namespace spillway::host
