// How long the engine may take.
#pragma once

#include <chrono>

namespace spillway::host {

struct docker_timeouts {
  std::chrono::milliseconds connect{5'000};
  /// From the request to the end of the answer's header, and again to the end of a bounded body.
  std::chrono::milliseconds answer{10'000};
  /// Silence within a log that is not followed: the engine may have to search a large file.
  std::chrono::milliseconds history{60'000};
  /// After the end of a followed log: until the engine must know that the container has exited.
  std::chrono::milliseconds exit{3'000};
};

}  // namespace spillway::host
